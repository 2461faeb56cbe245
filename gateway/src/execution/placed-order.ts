import type { BrokerOrder } from '@sath/brokers'
import { isTimeframe, money, type Timeframe, timeframeMs } from '@sath/core'
import type { EntryWish, OrderAndTrade } from '@sath/db'

/** An order to send or to ask about, with what the broker needs of it. */
export interface PlacedOrder {
  readonly tenantId: string
  readonly orderId: string
  readonly tradeId: string
  readonly intentId: string
  /** "paper" or a credential id. */
  readonly account: string
  readonly durationMs: number | null
  readonly source: string
  readonly order: BrokerOrder
}

export function placedFromWish(wish: EntryWish, timeframe: Timeframe, expiryCandles: number): PlacedOrder {
  const { clientOrderId, symbol, direction, instrument, stake, currency, payout, decidedAt } = wish
  const { stopLossPct, takeProfitPct } = wish
  return {
    tenantId: wish.tenantId,
    orderId: wish.orderId,
    tradeId: wish.tradeId,
    intentId: wish.intentId,
    account: wish.account,
    durationMs: wish.durationMs,
    source: wish.source,
    order: {
      clientOrderId,
      symbol,
      direction,
      instrument,
      stake,
      currency,
      payout,
      timeframe,
      expiryCandles,
      decidedAt,
      stopLossPct,
      takeProfitPct,
    },
  }
}

/** From the rows. A manual order counts in minutes; it is decided at its request's minute or, once accepted, as its row says. */
export function placedFromRows({ order, trade, timeframe }: OrderAndTrade): PlacedOrder {
  const frame: Timeframe = timeframe !== null && isTimeframe(timeframe) ? timeframe : 'M1'
  const durationMs = trade.durationMs ?? timeframeMs(frame)
  const signalTime = trade.signalTime.getTime()
  const manualDecidedAt =
    trade.expiresAt && !trade.openedAt ? trade.expiresAt.getTime() - durationMs : signalTime + timeframeMs('M1')
  return {
    tenantId: order.tenantId,
    orderId: order.id,
    tradeId: trade.id,
    intentId: order.intentId,
    account: order.account,
    durationMs: trade.durationMs,
    source: trade.source,
    order: {
      clientOrderId: order.clientOrderId,
      symbol: trade.symbol,
      direction: trade.direction,
      instrument: trade.instrument,
      stake: money.add(trade.stake, '0'),
      currency: trade.currency,
      payout: money.add(trade.payout, '0'),
      timeframe: frame,
      expiryCandles: Math.max(1, Math.round(durationMs / timeframeMs(frame))),
      decidedAt: trade.strategyId === null ? manualDecidedAt : signalTime + timeframeMs(frame),
      stopLossPct: trade.stopLossPct ?? undefined,
      takeProfitPct: trade.takeProfitPct ?? undefined,
    },
  }
}
