import { AppError, type Candle, type SeriesKey, type StrategyConfig, timeframeMs } from '@sath/core'
import { checkParams, findStrategy, type Params, type Strategy } from '@sath/strategies'
import { type Hooks, report as tell } from '../hooks.js'
import { type ClusterSums, designEffect } from '../report/clusters.js'
import { addTally, emptyTally, performanceOf, type Tally } from '../report/tally.js'
import { judge } from '../report/verdict.js'
import { luckyWinRate } from './luck.js'
import { checkOptimise, type OptimiseInput, type Score, searched } from './optimise-input.js'
import { bestOf, type OptimiseReport, sentenceOf, type WindowReport } from './optimise-report.js'
import { runVariant, type VariantRun } from './run-variant.js'
import { gridVariants, randomVariants, type Variants } from './variants.js'
import { type Span, type Window, walkForward } from './walk-forward.js'

export type Candles = Iterable<readonly [SeriesKey, Candle]>

/**
 * Searches a strategy's parameters walking forward: in each window the variant that was best in training is judged by what it
 * did after it. Deterministic: the same input and candles give the same report.
 *
 * Holds (see optimise.test.ts):
 * 1. no choice depends on a candle at or after the end of its training;
 * 2. no trade counts both in training and in the test of one window, none twice out of sample.
 *
 * `candlesOf` is asked once to measure the series and once for each variant; each time it gives the same candles, in market
 * order.
 * @throws AppError invalid-request naming the field, Cancelled
 */
export function optimise(input: OptimiseInput, candlesOf: () => Candles, hooks: Hooks = {}): OptimiseReport {
  const { strategy, rules } = checked(input)
  const { tried, refused } = variantsOf(input, strategy, rules)
  const { span, candles } = measure(candlesOf(), hooks)
  const windows = walkForward(span, input.windows, input.trainShare)
  const total = Math.max(1, candles * tried.length)
  const runs = tried.map((params, index) => {
    const followed = withProgress(candlesOf(), hooks, (done) => (index * candles + done) / total)
    return runVariant(input.backtest, strategy, params, windows, followed)
  })
  return reportOf(input, strategy, windows, runs, refused)
}

function checked(input: OptimiseInput): { strategy: StrategyConfig; rules: Strategy } {
  const errors = checkOptimise(input)
  const strategy = searched(input)
  const rules = strategy && findStrategy(strategy.strategy)
  if (errors.length > 0 || !rules) throw new AppError('invalid-request', 'The search cannot run', { errors })
  return { strategy, rules }
}

function variantsOf(
  input: OptimiseInput,
  { strategy, params: configured }: StrategyConfig,
  { params }: Strategy,
): Variants {
  const { search, ranges, variants: count, seed } = input
  const allows = (variant: Params) => checkParams(strategy, { ...configured, ...variant }).length === 0
  const found =
    search === 'grid' ? gridVariants(params, ranges, allows) : randomVariants(params, ranges, allows, { count, seed })
  if (found.tried.length > 0) return found
  const message = `none of the ${found.refused} combinations is allowed by ${strategy}`
  throw new AppError('invalid-request', 'The search cannot run', { errors: [{ path: 'ranges', message }] })
}

const candlesPerReport = 8_192

function* withProgress(candles: Candles, hooks: Hooks, fraction: (done: number) => number): Candles {
  let done = 0
  for (const candle of candles) {
    if (done++ % candlesPerReport === 0) tell(hooks, fraction(done - 1))
    yield candle
  }
  tell(hooks, fraction(done))
}

/** From the first open to the last close. */
function measure(candles: Candles, hooks: Hooks): { span: Span; candles: number } {
  let [from, to, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const [key, { time }] of withProgress(candles, hooks, () => 0)) {
    from = Math.min(from, time)
    to = Math.max(to, time + timeframeMs(key.timeframe))
    count++
  }
  if (count === 0) throw new AppError('invalid-request', 'There are no candles to search on')
  return { span: { from, to }, candles: count }
}

function reportOf(
  input: OptimiseInput,
  { id, strategy }: StrategyConfig,
  windows: readonly Window[],
  runs: readonly VariantRun[],
  refused: number,
): OptimiseReport {
  const { search, seed, score, minTrades } = input
  const [trained, tested] = [emptyTally(), emptyTally()]
  const clusters: ClusterSums[] = []
  const rows = windows.map((window, index): WindowReport => {
    const eligible = runs.filter(({ train }) => scoreOf(train[index], score, minTrades) !== undefined)
    const best = highest(eligible, ({ train }) => scoreOf(train[index], score, minTrades))
    const [train, test] = [best?.train[index], best?.test[index]]
    if (!best || !train || !test) return { ...window, eligible: 0, luckyWinRate: null, chosen: null }
    addTally(trained, train)
    addTally(tested, test.tally)
    clusters.push(test.clusters.sums())
    const chosen = { params: best.params, train: performanceOf(train), test: performanceOf(test.tally) }
    return {
      ...window,
      eligible: eligible.length,
      luckyWinRate: luckOf(eligible.map((run) => run.train[index])),
      chosen,
    }
  })
  const outOfSample = performanceOf(tested)
  const best = highest(runs, ({ whole }) => scoreOf(whole.tally, score, minTrades))
  const findings = {
    variantsTried: runs.length,
    variantsRefused: refused,
    windows: rows,
    inTraining: performanceOf(trained),
    outOfSample: { ...outOfSample, verdict: judge(outOfSample, designEffect(clusters)) },
    best: best ? bestOf(best, runs.length) : null,
  }
  return { strategyId: id, strategy, search, seed, score, minTrades, ...findings, sentence: sentenceOf(findings) }
}

/** undefined: too few trades to be chosen. */
function scoreOf(tally: Tally | undefined, score: Score, minTrades: number): number | undefined {
  if (!tally || tally.wins + tally.losses < minTrades) return undefined
  if (score === 'win-rate') return tally.wins / (tally.wins + tally.losses)
  return score === 'profit' ? Number(tally.gained - tally.lost) : tally.returns.mean
}

/** Of equals the one tried first. */
function highest<T>(all: readonly T[], scoreOf: (one: T) => number | undefined): T | undefined {
  let best: { readonly one: T; readonly score: number } | undefined
  for (const one of all) {
    const score = scoreOf(one)
    if (score !== undefined && (!best || score > best.score)) best = { one, score }
  }
  return best?.one
}

/** If all were equally good: as good as they were together. */
function luckOf(tallies: readonly (Tally | undefined)[]): number {
  const all = emptyTally()
  for (const tally of tallies) if (tally) addTally(all, tally)
  const decided = all.wins + all.losses
  return luckyWinRate(all.wins / decided, decided / tallies.length, tallies.length)
}
