import type { BotConfig, PlanLimits, StrategyConfig } from '@sath/core'

export const strategyId = '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c01'

/** A strategy that is fine on every plan here, with what the test changes about it. */
export function strategyConfig(changes: Partial<StrategyConfig> = {}): StrategyConfig {
  return {
    id: strategyId,
    name: 'A',
    enabled: true,
    strategy: 'ema-cross',
    params: {},
    symbols: ['BTCUSDT'],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '10.00',
    martingale: { plan: 'classic', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
    risk: {},
    ...changes,
  }
}

export function botConfig(changes: Partial<BotConfig> = {}): BotConfig {
  return { mode: 'paper', onStop: 'close', capital: '1000.00', risk: {}, strategies: [strategyConfig()], ...changes }
}

export function planLimits(changes: Partial<PlanLimits> = {}): PlanLimits {
  return {
    maxStrategies: 1,
    maxSymbols: 2,
    maxTradesPerDay: 20,
    maxCapitalPerTrade: '50.00',
    maxCapital: '1000.00',
    modes: ['paper'],
    multiTimeframe: false,
    backtesting: false,
    historyDays: 7,
    aiEnsemble: false,
    apiAccess: false,
    logRetentionDays: 1,
    memoryMiB: 64,
    cpu: 0.1,
    ...changes,
  }
}
