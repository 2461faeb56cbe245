import type { Decimal, Direction, Instrument, Timeframe } from '@sath/core'

/** Opened credentials by field name. In memory only, and only while a call needs them. */
export type BrokerSecret = Readonly<Record<string, string>>

/** Where an order goes: one account at one broker. */
export interface BrokerAccount {
  /** "paper:<tenant id>" or the id of the tenant's credential. */
  readonly id: string
  /** Absent where the broker needs none. */
  readonly secret?: BrokerSecret
}

/** An entry: everything that decides what it will be worth, fixed when it is placed. */
export interface BrokerOrder {
  /** Ours, derived from the intent, unique for ever. At most 36 characters of A-Z a-z 0-9 . _ : / - */
  readonly clientOrderId: string
  readonly symbol: string
  readonly direction: Direction
  readonly instrument: Instrument
  /** What is risked (binary) or the notional (spot), in `currency`. */
  readonly stake: Decimal
  readonly currency: string
  /** Profit of a won binary option per unit staked, for example "0.85"; not used for spot. */
  readonly payout: Decimal
  readonly timeframe: Timeframe
  /** Bars of `timeframe` from entry to expiry (binary) or to the timed close (spot). At least 1. */
  readonly expiryCandles: number
  /** Market time of the decision, epoch ms: the close of the signal bar. Nothing before it may be the entry. */
  readonly decidedAt: number
  /** Spot only; 1 = 1 % of the entry price. */
  readonly stopLossPct?: number | undefined
  readonly takeProfitPct?: number | undefined
}

/** Placing an order has three ends, never two. */
export type OrderOutcome =
  | { readonly kind: 'accepted'; readonly orderId: string }
  /** The broker said no: nothing is on its book. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Time-out, 5xx, cut line: it may be on the book. Ask by client order id before sending again. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** `not-found` proves something only once the order can no longer be under way. */
export type OrderLookup =
  | { readonly kind: 'found'; readonly orderId: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unknown'; readonly reason: string }

export interface OpenOrder {
  readonly clientOrderId: string
  readonly orderId: string
  readonly symbol: string
}

export type OpenOrders =
  | { readonly kind: 'known'; readonly orders: readonly OpenOrder[] }
  | { readonly kind: 'unknown'; readonly reason: string }

/**
 * What execution needs of a venue. No call throws for what a venue or a network can do: that is what `refused` and
 * `unknown` are for. A call may take long; `boundedBroker` gives it an end.
 */
export interface Broker {
  readonly id: string
  readonly instruments: readonly Instrument[]
  /** Sends once. The same client order id never makes a second order: `accepted` again, or `refused`. */
  place(account: BrokerAccount, order: BrokerOrder): Promise<OrderOutcome>
  find(account: BrokerAccount, clientOrderId: string): Promise<OrderLookup>
  /** Every order or position of the account that is not closed yet. */
  openOrders(account: BrokerAccount): Promise<OpenOrders>
  /** Asks to close what this order opened. `refused` where that is impossible (a binary option, nothing there). */
  close(account: BrokerAccount, order: OpenOrder): Promise<OrderOutcome>
}
