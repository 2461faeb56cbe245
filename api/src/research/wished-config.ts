import type { http } from '@sath/contracts'
import { AppError, type BotConfig, type FieldError, type PlanLimits } from '@sath/core'
import { catalogueErrors, configErrors } from '@sath/engine'
import { findStrategy } from '@sath/strategies'

/** The one strategy of a request that gives no configuration. Always the same id: equal requests give equal decisions. */
const loneId = '00000000-0000-4000-8000-000000000001'
const lonePrefix = 'strategies.0.'

/** Fields that describe one strategy, in the place of a whole configuration. */
const loneFields = [
  'params',
  'symbol',
  'symbols',
  'timeframe',
  'confirmTimeframe',
  'instrument',
  'expiryCandles',
  'stake',
  'capital',
  'martingale',
  'risk',
] as const

export type WishedStrategy = Pick<http.BacktestBody, 'config' | 'strategy' | (typeof loneFields)[number]>

/** What a request asks to test. */
export interface Wished {
  readonly config: BotConfig
  /** One strategy, described by fields of the request itself. */
  readonly lone: boolean
}

/**
 * The configuration to test, on paper: the given one, one strategy, or else the saved one. Pure.
 *
 * @throws AppError invalid-request; config-missing where nothing is given nor saved
 */
export function wishedConfig(body: WishedStrategy, saved: BotConfig | null): Wished {
  const { config: given, strategy } = body
  const stray = strayErrors(body)
  if (stray.length > 0) throw invalid(stray)
  if (strategy !== undefined) return { config: loneConfig(strategy, body), lone: true }
  const whole = given ?? saved
  if (!whole)
    throw new AppError('config-missing', 'There is no saved configuration: name a strategy and a symbol, or give one.')
  return { config: { ...whole, mode: 'paper' }, lone: false }
}

/** All that keeps it from running, with the fields of the request. Pure. */
export function runFaults({ config, lone }: Wished): FieldError[] {
  const faults = catalogueErrors(config)
  if (!config.strategies.some(({ enabled }) => enabled))
    faults.push({ path: 'strategies', message: 'must hold a strategy that is enabled' })
  return placed(faults, lone)
}

/** @throws AppError plan-limit */
export function assertPlanAllows({ config, lone }: Wished, limits: PlanLimits): void {
  // One strategy by itself is a question, not a bot: amounts and numbers of the plan do not bind it.
  const refused = configErrors(config, lone ? { ...limits, ...withoutBounds } : limits)
  if (refused.length > 0)
    throw new AppError('plan-limit', 'The plan does not allow this.', { errors: placed(refused, lone) })
}

function placed(errors: readonly FieldError[], lone: boolean): FieldError[] {
  return errors.map(({ path, message }) => ({
    path: lone ? path.replace(lonePrefix, '') : `config.${path}`,
    message,
  }))
}

const withoutBounds = {
  maxStrategies: null,
  maxSymbols: null,
  maxTradesPerDay: null,
  maxCapitalPerTrade: null,
  maxCapital: null,
  modes: ['paper'],
} as const satisfies Partial<PlanLimits>

/** Fields that are given and mean nothing, and the other way round. */
function strayErrors(body: WishedStrategy): FieldError[] {
  const { config, strategy, symbol, symbols } = body
  if (strategy === undefined) {
    const stray = loneFields.filter((field) => body[field] !== undefined)
    const message = config === undefined ? 'is of use with a strategy only; name one' : 'must be left out beside config'
    return stray.map((path) => ({ path, message }))
  }
  if (config !== undefined) return [{ path: 'strategy', message: 'must be left out beside config' }]
  if (symbol === undefined && symbols === undefined)
    return [{ path: 'symbol', message: 'is missing; name a symbol such as BTCUSDT' }]
  return symbol !== undefined && symbols !== undefined
    ? [{ path: 'symbols', message: 'must be left out beside symbol' }]
    : []
}

function loneConfig(strategy: string, body: WishedStrategy): BotConfig {
  const { symbol, symbols = symbol === undefined ? [] : [symbol], martingale, confirmTimeframe } = body
  return {
    mode: 'paper',
    onStop: 'keep',
    capital: body.capital ?? '1000.00',
    risk: {},
    strategies: [
      {
        id: loneId,
        name: strategy,
        enabled: true,
        strategy,
        params: body.params ?? {},
        symbols: [...new Set(symbols)],
        timeframe: body.timeframe ?? findStrategy(strategy)?.timeframe ?? 'M5',
        instrument: body.instrument ?? 'binary',
        expiryCandles: body.expiryCandles ?? 1,
        stake: body.stake ?? '10.00',
        martingale: {
          plan: martingale?.plan ?? 'none',
          ladder: martingale?.ladder ?? 'single',
          next: martingale?.next ?? 'signal',
          multiplier: martingale?.multiplier ?? '2.0',
          maxLevel: martingale?.maxLevel ?? 2,
        },
        risk: body.risk ?? {},
        ...(confirmTimeframe ? { confirmTimeframe } : {}),
      },
    ],
  }
}

/** @returns the refusal of a body that cannot be computed with */
export function invalid(errors: readonly FieldError[]): AppError {
  return new AppError('invalid-request', 'The request is not valid.', { errors })
}
