import { checkOptimise, type OptimiseInput } from '@sath/backtest'
import type { BacktestJob, http } from '@sath/contracts'
import { AppError, type BotConfig, type PlanLimits } from '@sath/core'
import type { MarketSymbol } from '../market-source.js'
import { assertPlanAllows, invalid, runFaults, type WishedStrategy, wishedConfig } from './wished-config.js'

const dayMs = 86_400_000
const minuteMs = 60_000

/** What a request is judged by. */
export interface WishFacts {
  readonly saved: BotConfig | null
  readonly limits: PlanLimits
  /** Source of this installation's candles; undefined: no gateway has said so yet. */
  readonly source: string | undefined
  readonly symbols: readonly MarketSymbol[]
}

export type BacktestWish = WishedStrategy &
  Pick<http.BacktestBody, 'source' | 'from' | 'to' | 'payout' | 'spread' | 'optimise'>

/**
 * What the worker is to do. Pure but for `newSeed`, which is asked where a search names none.
 *
 * @throws AppError invalid-request, config-missing, plan-limit
 */
export function backtestWish(body: BacktestWish, facts: WishFacts, newSeed: () => number): BacktestJob {
  const { limits, saved } = facts
  const { from, to } = body
  const wished = wishedConfig(body, saved)
  const { config } = wished
  const faults = runFaults(wished)
  if (from && to && from >= to) faults.push({ path: 'from', message: 'must be before to' })
  if (faults.length > 0) throw invalid(faults)
  assertPlanAllows(wished, limits)
  if (!limits.backtesting)
    throw new AppError('plan-limit', 'The plan does not allow this.', {
      errors: [{ path: '', message: 'backtesting: the plan has no back-tests' }],
    })
  const defaultSource = body.source ?? facts.source ?? newestSource(config, facts) ?? null
  const end = to?.getTime() ?? newestCandle(config, defaultSource, facts)
  if (from && end !== undefined) assertWithinPlan(end - from.getTime(), limits)
  const terms = { config, payout: body.payout, spread: body.spread }
  const optimise = body.optimise ? { ...body.optimise, seed: body.optimise.seed ?? newSeed() } : null
  if (optimise) assertSearch({ ...optimise, backtest: { ...terms, defaultSource: defaultSource ?? '' } })
  return {
    ...terms,
    defaultSource,
    maxStake: body.strategy === undefined ? limits.maxCapitalPerTrade : null,
    from: from?.toISOString() ?? null,
    to: end === undefined ? null : new Date(end).toISOString(),
    optimise,
  }
}

function assertSearch(input: OptimiseInput): void {
  const faults = checkOptimise(input)
  if (faults.length > 0) throw invalid(faults.map(({ path, message }) => ({ path: `optimise.${path}`, message })))
}

function assertWithinPlan(lengthMs: number, { historyDays }: PlanLimits): void {
  if (historyDays === null || lengthMs <= historyDays * dayMs) return
  const days = Math.ceil(lengthMs / dayMs)
  throw new AppError('plan-limit', 'The plan does not allow this.', {
    errors: [{ path: 'from', message: `historyDays: ${days} days are more than the plan's ${historyDays}` }],
  })
}

/** Without a gateway: whoever has the newest candle of the first symbol. */
function newestSource({ strategies }: BotConfig, { symbols }: WishFacts): string | undefined {
  const [wanted] = strategies.filter(({ enabled }) => enabled).flatMap((strategy) => strategy.symbols)
  const stored = symbols.filter(({ symbol, lastCandleAt }) => symbol === wanted && lastCandleAt !== null)
  return stored.sort((a, b) => (b.lastCandleAt ?? '').localeCompare(a.lastCandleAt ?? ''))[0]?.source
}

/** End of the newest stored minute of what is traded on, epoch ms; undefined: none is stored. */
function newestCandle(config: BotConfig, defaultSource: string | null, { symbols }: WishFacts): number | undefined {
  const wanted = config.strategies
    .filter(({ enabled }) => enabled)
    .flatMap((strategy) => strategy.symbols.map((symbol) => `${strategy.source ?? defaultSource} ${symbol}`))
  const ends = symbols
    .filter(({ source, symbol }) => wanted.includes(`${source} ${symbol}`))
    .flatMap(({ lastCandleAt }) => (lastCandleAt === null ? [] : [Date.parse(lastCandleAt) + minuteMs]))
  return ends.length === 0 ? undefined : Math.max(...ends)
}
