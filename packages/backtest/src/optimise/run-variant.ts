import type { Candle, SeriesKey, StrategyConfig } from '@sath/core'
import type { Params } from '@sath/strategies'
import { createClusters } from '../report/clusters.js'
import { addTrade, amountsOf, emptyTally, type Tally } from '../report/tally.js'
import { createBacktest } from '../run/backtest.js'
import type { BacktestInput } from '../run/backtest-input.js'
import type { BacktestTrade } from '../run/backtest-trade.js'
import type { Window } from './walk-forward.js'

/** Trades of one stretch of a run. */
interface Sample {
  readonly tally: Tally
  readonly clusters: ReturnType<typeof createClusters>
}

/** What a variant did in each window, and over all. */
export interface VariantRun {
  readonly params: Params
  readonly train: readonly Tally[]
  readonly test: readonly Sample[]
  readonly whole: Sample
}

/**
 * One back-test over all the candles, its trades sorted into windows by their entry: so indicators are warm in each, and a
 * ladder goes on as it would have. A trade is known to training once it has closed; one that closes later is none of it.
 *
 * Drawdown stop and profit target of the bot are left out: they would end a variant in one window and leave nothing to judge
 * in the others.
 */
export function runVariant(
  { config, ...terms }: BacktestInput,
  strategy: StrategyConfig,
  params: Params,
  windows: readonly Window[],
  candles: Iterable<readonly [SeriesKey, Candle]>,
): VariantRun {
  const run = { params, train: windows.map(emptyTally), test: windows.map(noTrades), whole: noTrades() }
  const { stopDrawdownPct: _stop, targetProfitPct: _target, ...risk } = config.risk
  const varied = { ...strategy, enabled: true, params: { ...strategy.params, ...params } }
  const backtest = createBacktest(
    { ...terms, config: { ...config, risk, strategies: [varied] } },
    { opened: (trade) => begin(run, windows, trade), closed: (trade) => end(run, windows, trade) },
  )
  for (const [key, candle] of candles) backtest.push(key, candle)
  backtest.finish()
  return run
}

function noTrades(): Sample {
  return { tally: emptyTally(), clusters: createClusters() }
}

function begin(run: VariantRun, windows: readonly Window[], { openedAt }: BacktestTrade): void {
  if (openedAt === null) return
  for (const { clusters } of samplesOf(run, windows, openedAt)) clusters.opened(openedAt)
}

function end(run: VariantRun, windows: readonly Window[], trade: BacktestTrade): void {
  const { openedAt, closedAt } = trade
  if (openedAt === null || closedAt === null) return
  const amounts = amountsOf(trade)
  for (const { tally, clusters } of samplesOf(run, windows, openedAt)) {
    addTrade(tally, amounts)
    clusters.closed(openedAt, amounts)
  }
  for (const [index, { train }] of windows.entries()) {
    const tally = run.train[index]
    if (tally && openedAt >= train.from && closedAt <= train.to) addTrade(tally, amounts)
  }
}

/** The whole run, and the test that the entry is in. */
function samplesOf({ test, whole }: VariantRun, windows: readonly Window[], openedAt: number): readonly Sample[] {
  const tested = test[windows.findIndex((window) => openedAt >= window.test.from && openedAt < window.test.to)]
  return tested ? [whole, tested] : [whole]
}
