import type { BotConfig, StrategyConfig } from '@sath/core'

export const benchSymbol = 'EURUSD'
export const benchSource = 'bench'

/** The eight textbook strategies, by their ids in the catalogue. */
const textbook = [
  'rsi-reversal',
  'macd-cross',
  'bollinger-bounce',
  'ema-cross',
  'stochastic',
  'adx-trend',
  'donchian-breakout',
  'price-action',
]

/** Eight strategies on one symbol, each with two ladders, under every limit that is asked about at an entry. */
export function eightStrategies(): BotConfig {
  return botConfig(
    textbook.map((strategy, index) => ({ ...strategyConfig(strategy), id: `strategy-${index + 1}` })),
    {
      maxDailyLoss: '900000000',
      maxDailyProfit: '900000000',
      maxExposure: '100000',
      stopDrawdownPct: 100,
      targetProfitPct: 10_000,
      maxTradesPerDay: 100_000,
    },
  )
}

/** One strategy, flat stakes, no limits. */
export function emaCross(): BotConfig {
  const martingale = { plan: 'none', ladder: 'single', next: 'signal', multiplier: '2.0', maxLevel: 0 } as const
  return botConfig([{ ...strategyConfig('ema-cross'), martingale }], {})
}

function strategyConfig(strategy: string): StrategyConfig {
  return {
    id: strategy,
    name: strategy,
    enabled: true,
    strategy,
    params: {},
    symbols: [benchSymbol],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '10.00',
    martingale: { plan: 'break-even', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
    risk: { cooldownCandles: 1, cooldownAfterLosses: 10, maxTradesPerDay: 100_000 },
  }
}

function botConfig(strategies: readonly StrategyConfig[], risk: BotConfig['risk']): BotConfig {
  return { mode: 'paper', onStop: 'close', capital: '1000000000.00', timezone: 'Europe/Madrid', risk, strategies }
}
