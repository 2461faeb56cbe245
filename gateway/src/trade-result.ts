import type { TradeResult } from '@sath/contracts'
import { money } from '@sath/core'
import type { TradeRow } from '@sath/db'

/** A trade as its bot sees it; undefined for a manual one, which is none of the bot's business. */
export function tradeResult(row: TradeRow): TradeResult | undefined {
  if (row.strategyId === null) return undefined
  return {
    tradeId: row.id,
    strategyId: row.strategyId,
    symbol: row.symbol,
    direction: row.direction,
    level: row.level,
    stake: money.add(row.stake, '0'),
    status: row.status,
    profit: row.profit === null ? '0' : money.add(row.profit, '0'),
    signalTime: row.signalTime.getTime(),
    closedAt: row.closedAt?.getTime() ?? null,
    ...(row.status === 'refused' || row.status === 'cancelled' ? { reason: row.reason } : {}),
  }
}
