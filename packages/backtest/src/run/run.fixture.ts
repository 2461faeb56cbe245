import type { BotConfig, Candle, SeriesKey, StrategyConfig, Timeframe } from '@sath/core'
import { createDecisionHash, type Decided } from '@sath/engine'
import { createBacktest } from './backtest.js'
import type { BacktestInput } from './backtest-input.js'
import type { BacktestTrade } from './backtest-trade.js'

export const textbook = [
  'rsi-reversal',
  'macd-cross',
  'bollinger-bounce',
  'ema-cross',
  'stochastic',
  'adx-trend',
  'donchian-breakout',
  'price-action',
]

export function strategyConfig(changes: Partial<StrategyConfig> = {}): StrategyConfig {
  return {
    id: 'a',
    name: 'A',
    enabled: true,
    strategy: 'ema-cross',
    params: { fast: 1, slow: 3 },
    symbols: ['BTCUSDT'],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '10.00',
    martingale: { plan: 'break-even', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
    risk: {},
    ...changes,
  }
}

export function inputOf(
  strategies: readonly Partial<StrategyConfig>[] = [{}],
  changes: Partial<BacktestInput> = {},
  risk: BotConfig['risk'] = {},
): BacktestInput {
  const all = strategies.map((each) => strategyConfig(each))
  const config: BotConfig = { mode: 'paper', onStop: 'close', capital: '100000.00', risk, strategies: all }
  return { config, defaultSource: 'csv', payout: '0.85', spread: '0', ...changes }
}

/** All eight, each under its own id, with its default parameters. */
export const eight = textbook.map((strategy) => ({ id: strategy, strategy, params: {} }))

export function keyOf(timeframe: Timeframe = 'M1', symbol = 'BTCUSDT'): SeriesKey {
  return { source: 'csv', symbol, timeframe }
}

export type Feed = readonly (readonly [SeriesKey, Candle])[]

/** Runs a feed to its end and keeps everything that was told. */
export function runOf(input: BacktestInput, feed: Feed) {
  const decided: Decided[] = []
  const opened: BacktestTrade[] = []
  const closed: BacktestTrade[] = []
  const hash = createDecisionHash()
  const backtest = createBacktest(input, {
    decided(each) {
      decided.push(each)
      hash.add(each)
    },
    opened: (trade) => opened.push(trade),
    closed: (trade) => closed.push(trade),
  })
  for (const [key, candle] of feed) backtest.push(key, candle)
  backtest.finish()
  return { decided, opened, closed, candles: backtest.candles, hash: hash.digest() }
}
