import { checkOdds, type OddsInput } from '@sath/backtest'
import type { http, SimulationJob } from '@sath/contracts'
import type { FieldError } from '@sath/core'
import { backtestWish, type WishFacts } from './backtest-wish.js'
import { invalid } from './wished-config.js'

/** A setting of the simulator to begin with. */
export interface OddsPreset {
  readonly id: string
  readonly input: OddsInput
}

const byDefault = { ladder: 'single', payout: 0.85, tieRate: 0, rounding: 'none', scenarios: 10_000 } as const
/** Fields that say how the win rate is measured. */
const measuring = ['params', 'symbol', 'source', 'timeframe', 'from', 'to'] as const

/**
 * What the worker is to do. Pure but for `newSeed`, which is asked where the request names none.
 *
 * @throws AppError invalid-request, plan-limit
 */
export function simulationWish(
  body: http.SimulationBody,
  facts: WishFacts,
  presets: readonly OddsPreset[],
  newSeed: () => number,
): SimulationJob {
  const preset = presets.find(({ id }) => id === body.preset)
  const errors: FieldError[] = []
  if (body.preset !== undefined && !preset)
    errors.push({ path: 'preset', message: `is none of ${presets.map(({ id }) => id).join(', ')}` })
  if (body.strategy === undefined)
    for (const path of measuring)
      if (body[path] !== undefined)
        errors.push({ path, message: 'is of use only to measure the win rate of a strategy; name one' })
  if (body.strategy !== undefined && body.winRate !== undefined)
    errors.push({ path: 'winRate', message: 'must be left out where it is measured with a strategy' })
  if (body.strategy === undefined && body.winRate === undefined && !preset)
    errors.push({ path: 'winRate', message: 'is missing; give it, or a strategy and a symbol to measure it with' })
  const settings = { ...byDefault, ...presetOdds(preset, body), ...givenOdds(body), seed: body.seed ?? newSeed() }
  // A measured rate is not known yet: 0 fits beside any rate of ties.
  const winRate = body.strategy === undefined ? (body.winRate ?? preset?.input.winRate ?? 0) : 0
  const faults = checkOdds({ ...settings, winRate })
  errors.push(...faults.map(({ path, message }) => ({ path: path === 'maxGales' ? 'gales' : path, message })))
  if (errors.length > 0) throw invalid(errors)
  // A back-test measures the ties with the win rate, unless the request says how many there are.
  const { tieRate: _, ...tiesMeasured } = settings
  const odds = body.strategy !== undefined && body.tieRate === undefined ? tiesMeasured : settings
  return { odds, exact: body.exact ?? false, winRate: originOf(body, facts, winRate, newSeed) }
}

function originOf(
  body: http.SimulationBody,
  facts: WishFacts,
  value: number,
  newSeed: () => number,
): SimulationJob['winRate'] {
  const { strategy, preset, payout, ...rest } = body
  if (strategy !== undefined)
    return { origin: 'measured', backtest: measurement({ ...rest, strategy }, facts, newSeed) }
  if (body.winRate === undefined && preset !== undefined) return { origin: 'preset', value, preset }
  return { origin: 'given', value }
}

/** A back-test in which only wins and losses count: flat stakes, and more capital than they can lose. */
function measurement(body: Omit<http.SimulationBody, 'preset' | 'payout'>, facts: WishFacts, newSeed: () => number) {
  const { strategy, params, symbol, source, timeframe, from, to } = body
  const terms = { payout: '0.85', spread: '0', stake: '1.00', capital: '1000000000.00' }
  return backtestWish({ strategy, params, symbol, source, timeframe, from, to, ...terms }, facts, newSeed)
}

/** A request that says how long a scenario is says it in the place of the preset. */
function presetOdds(preset: OddsPreset | undefined, { cycles, trades }: http.SimulationBody) {
  if (!preset) return {}
  const { winRate: _, cycles: presetCycles, trades: presetTrades, ...odds } = preset.input
  return cycles === undefined && trades === undefined
    ? { ...odds, ...present({ cycles: presetCycles, trades: presetTrades }) }
    : odds
}

function givenOdds(body: http.SimulationBody): Record<string, unknown> {
  const { plan, ladder, capital, stake, payout, tieRate, gales, cycles, trades } = body
  const { stopLoss, takeProfit, rounding, minStake, maxStake, scenarios } = body
  const given = { plan, ladder, capital, stake, payout, tieRate, maxGales: gales, cycles, trades }
  return present({ ...given, stopLoss, takeProfit, rounding, minStake, maxStake, scenarios })
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
