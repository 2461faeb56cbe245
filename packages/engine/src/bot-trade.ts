import { type Decimal, type Direction, isFinal, type TradeStatus } from '@sath/core'

/** One trade as risk and ladders see it. Times are market time, epoch ms. */
export interface BotTrade {
  readonly tradeId: string
  readonly strategyId: string
  readonly symbol: string
  readonly direction: Direction
  /** The ladder level its order carried. */
  readonly level: number
  readonly stake: Decimal
  readonly status: TradeStatus
  /** Gain or loss in the account's currency; "0" while open and on a tie. */
  readonly profit: Decimal
  /** Open time of the signal bar. */
  readonly signalTime: number
  /** null while pending, open or unknown. */
  readonly closedAt: number | null
}

/** Whether the trade is, or may be, on the broker's book. */
export function mayBeOpen({ status }: BotTrade): boolean {
  return !isFinal(status)
}

/**
 * Order in which trades count: by their close, and for the same instant in one order that depends neither on arrival nor,
 * among trades of different slots or bars, on the ids somebody gave them.
 */
export function byClose(a: BotTrade, b: BotTrade): number {
  return (
    closeOf(a) - closeOf(b) ||
    a.signalTime - b.signalTime ||
    byText(a.strategyId, b.strategyId) ||
    byText(a.symbol, b.symbol) ||
    byText(a.tradeId, b.tradeId)
  )
}

function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** Market time at which a final trade closed. A refused one may have no close; it was over when it was wished for. */
export function closeOf({ closedAt, signalTime }: BotTrade): number {
  return closedAt ?? signalTime
}
