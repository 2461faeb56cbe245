import type { GatewayMessage } from '@sath/contracts'
import type { BotConfig, Candle, StrategyConfig, Timeframe } from '@sath/core'

export type Welcome = Extract<GatewayMessage, { type: 'welcome' }>

/** Signals often: a one-candle average against a three-candle one, with two gales on two ladders. */
export const strategy: StrategyConfig = {
  id: '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c01',
  name: 'Cross',
  enabled: true,
  strategy: 'ema-cross',
  params: { fast: 1, slow: 3 },
  symbols: ['BTCUSDT'],
  timeframe: 'M5',
  instrument: 'binary',
  expiryCandles: 1,
  stake: '10.00',
  martingale: { plan: 'classic', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
  risk: {},
}

export function botConfig(...strategies: readonly Partial<StrategyConfig>[]): BotConfig {
  const all = strategies.length === 0 ? [strategy] : strategies.map((changes) => ({ ...strategy, ...changes }))
  return { mode: 'paper', onStop: 'close', capital: '1000.00', risk: {}, strategies: all }
}

export function welcome(changes: Partial<Welcome> = {}): Welcome {
  return {
    type: 'welcome',
    protocol: 1,
    tenantId: '7d6b2f0c-50d9-4f0e-8f1e-0d8d8c1a2b3c',
    runId: '0b4be8a5-6e0f-4bb5-8f3b-1e2f3a4b5c6d',
    epoch: 1,
    configVersion: 1,
    config: botConfig(),
    defaultSource: 'synthetic',
    payouts: { BTCUSDT: '0.85' },
    resume: [],
    trades: [],
    ...changes,
  }
}

export function candleMessage(candle: Candle, timeframe: Timeframe = 'M5'): GatewayMessage {
  return { type: 'candle', key: { source: 'synthetic', symbol: 'BTCUSDT', timeframe }, candle, mode: 'live' }
}
