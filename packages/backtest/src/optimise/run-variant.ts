import type { Candle, SeriesKey, StrategyConfig } from '@sath/core'
import type { Params } from '@sath/strategies'
import { addTrade, amountsOf, emptyTally, type Tally } from '../report/tally.js'
import { createBacktest } from '../run/backtest.js'
import type { BacktestInput } from '../run/backtest-input.js'
import type { BacktestTrade } from '../run/backtest-trade.js'
import type { Window } from './walk-forward.js'

/** What a variant did in each window, and over all. */
export interface VariantRun {
  readonly params: Params
  readonly train: readonly Tally[]
  readonly test: readonly Tally[]
  readonly whole: Tally
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
  const run = { params, train: windows.map(emptyTally), test: windows.map(emptyTally), whole: emptyTally() }
  const { stopDrawdownPct: _stop, targetProfitPct: _target, ...risk } = config.risk
  const varied = { ...strategy, enabled: true, params: { ...strategy.params, ...params } }
  const backtest = createBacktest(
    { ...terms, config: { ...config, risk, strategies: [varied] } },
    { closed: (trade) => sortIn(run, windows, trade) },
  )
  for (const [key, candle] of candles) backtest.push(key, candle)
  backtest.finish()
  return run
}

function sortIn({ train, test, whole }: VariantRun, windows: readonly Window[], trade: BacktestTrade): void {
  const { openedAt, closedAt } = trade
  if (openedAt === null || closedAt === null) return
  const amounts = amountsOf(trade)
  addTrade(whole, amounts)
  for (const [index, window] of windows.entries()) {
    const [training, testing] = [train[index], test[index]]
    if (training && openedAt >= window.train.from && closedAt <= window.train.to) addTrade(training, amounts)
    if (testing && openedAt >= window.test.from && openedAt < window.test.to) addTrade(testing, amounts)
  }
}
