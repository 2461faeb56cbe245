import { timeframeMs } from '@sath/core'
import { candles } from '@sath/testkit'
import type { BotTrade } from '../index.js'
import { busyStrategy } from './play.js'

export const noon = Date.UTC(2024, 0, 3, 12)
export const m5 = timeframeMs('M5')
export const key = { source: 'synthetic', symbol: 'BTCUSDT', timeframe: 'M5' } as const

/** M5 bars, the fifth of which opens at noon. */
export function barsToNoon(closes: readonly number[]) {
  return candles(closes, { start: noon - 4 * m5, timeframe: 'M5' })
}

/** Quiet, then a rise: the fifth bar signals a CALL to the busy strategy. */
export const rise = barsToNoon([100, 100, 100, 100, 101])

let count = 0
/** A trade that closed at noon, of the strategy under test, unless said otherwise. */
export function trade(changes: Partial<BotTrade>): BotTrade {
  const base = {
    strategyId: busyStrategy().id,
    symbol: 'BTCUSDT',
    direction: 'call',
    level: 0,
    stake: '10.00',
  } as const
  return {
    ...base,
    tradeId: `t${++count}`,
    status: 'loss',
    profit: '-10.00',
    signalTime: noon - 2 * m5,
    closedAt: noon,
    ...changes,
  }
}
