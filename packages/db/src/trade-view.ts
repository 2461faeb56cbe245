import { money } from '@sath/core'
import type { signals, trades } from './schema/index.js'

const amount = (value: string | null) => (value === null ? null : money.add(value, '0'))
const time = (value: Date | null) => value?.toISOString() ?? null

/** A trade as clients see it: amounts in their shortest form, times ISO 8601 UTC. The same over HTTP and live. */
export function tradeView(row: typeof trades.$inferSelect) {
  return {
    id: row.id,
    strategyId: row.strategyId,
    symbol: row.symbol,
    source: row.source,
    account: row.account,
    instrument: row.instrument,
    direction: row.direction,
    stake: money.add(row.stake, '0'),
    currency: row.currency,
    payout: money.add(row.payout, '0'),
    level: row.level,
    status: row.status,
    reason: row.reason,
    entryPrice: amount(row.entryPrice),
    exitPrice: amount(row.exitPrice),
    profit: amount(row.profit),
    confidence: row.confidence,
    indicators: row.indicators,
    signalTime: row.signalTime.toISOString(),
    openedAt: time(row.openedAt),
    expiresAt: time(row.expiresAt),
    closedAt: time(row.closedAt),
    createdAt: row.createdAt.toISOString(),
  }
}
export type TradeView = ReturnType<typeof tradeView>

/** A signal as clients see it, over HTTP and live. */
export function signalView(row: typeof signals.$inferSelect) {
  return {
    id: row.id,
    strategyId: row.strategyId,
    symbol: row.symbol,
    timeframe: row.timeframe,
    time: row.time.toISOString(),
    direction: row.direction,
    confidence: row.confidence,
    reason: row.reason,
  }
}
export type SignalView = ReturnType<typeof signalView>
