import type { Decimal } from './money.js'

/** `call` profits when the price rises, `put` when it falls. */
export type Direction = 'call' | 'put'
export const directions = ['call', 'put'] as const

export type Instrument = 'binary' | 'spot'

/** What became of a trade. `pending`: its order is not answered yet; `unknown`: the broker may or may not have it. */
export const tradeStatuses = ['pending', 'open', 'win', 'loss', 'tie', 'refused', 'unknown', 'cancelled'] as const
export type TradeStatus = (typeof tradeStatuses)[number]

/** Statuses after which nothing about the trade changes any more. */
export const finalTradeStatuses = [
  'win',
  'loss',
  'tie',
  'refused',
  'cancelled',
] as const satisfies readonly TradeStatus[]

export function isFinal(status: TradeStatus): boolean {
  return (finalTradeStatuses as readonly TradeStatus[]).includes(status)
}

/**
 * How one candle ended for one strategy and symbol: `traded`, or the one reason why not. Exactly one per closed candle.
 */
export const outcomes = [
  'traded',
  'no-signal',
  'warm-up',
  'filter',
  'hours',
  'cool-down',
  'daily-loss',
  'daily-profit',
  'trades-per-day',
  'plan-limit',
  'exposure',
  'payout',
  'stale',
  'held',
  'position-open',
  'draining',
  'drawdown',
  'target-reached',
] as const
export type Outcome = (typeof outcomes)[number]

/** A bot's wish to enter. The intent id is derived from tenant, strategy, symbol and candle, so asking twice is asking once. */
export interface Intent {
  readonly intentId: string
  readonly strategyId: string
  readonly symbol: string
  readonly direction: Direction
  readonly instrument: Instrument
  /** In the account's currency. */
  readonly stake: Decimal
  /** Ladder level that this stake belongs to, 0 = base stake. */
  readonly level: number
  /** Bars of the strategy's timeframe until a binary option expires. */
  readonly expiryCandles: number
  readonly reason: string
  /** 0…1 */
  readonly confidence: number
  /** Open time of the signal bar, epoch ms. */
  readonly candleTime: number
}
