import { type Candle, type Decimal, money, type TradeStatus, timeframeMs } from '@sath/core'
import type { BrokerOrder } from './broker.js'

/** What decides the worth of an accepted order; all of it is on the order's row. */
export interface PaperTerms
  extends Pick<
    BrokerOrder,
    | 'direction'
    | 'instrument'
    | 'stake'
    | 'payout'
    | 'timeframe'
    | 'expiryCandles'
    | 'decidedAt'
    | 'stopLossPct'
    | 'takeProfitPct'
  > {
  /**
   * Distance of the prices at which one buys and sells, as a fraction of the candle's price, which lies in the middle. Half of
   * it is paid where something is bought or sold: at the entry and, on spot, at the exit. A binary option expires against the
   * middle. Absent: none.
   */
  readonly spread?: Decimal | undefined
}

export interface PaperEntry {
  /** Open time of the entry candle, epoch ms. */
  readonly entryTime: number
  readonly entryPrice: Decimal
  /** Expiry of a binary option, timed close of a spot position; epoch ms. */
  readonly expiresAt: number
}

/** `entry` undefined: accepted, waiting for its entry candle. */
export interface PaperTrade {
  readonly terms: PaperTerms
  readonly entry?: PaperEntry | undefined
}

export type PaperCloseReason =
  | 'expired'
  | 'stop-loss'
  | 'take-profit'
  | 'timed-close'
  | 'closed'
  /** No candle came within one bar of the timeframe after the decision, or none to settle with: refunded. */
  | 'no-price'
  /** The recording is over: refunded. */
  | 'feed-ended'

export interface PaperOpened extends PaperEntry {
  readonly kind: 'opened'
}

export interface PaperClosed {
  readonly kind: 'closed'
  readonly status: Extract<TradeStatus, 'win' | 'loss' | 'tie' | 'cancelled'>
  readonly reason: PaperCloseReason
  /** null when cancelled. */
  readonly exitPrice: Decimal | null
  /** Gain or loss in the account's currency; "0" on a tie and when cancelled. */
  readonly profit: Decimal
  /** Market time, epoch ms. */
  readonly closedAt: number
}

export type PaperEvent = PaperOpened | PaperClosed

const minuteMs = 60_000

/**
 * What one closed candle of its symbol does to a trade: nothing, an entry, a close, or both in this order. Pure.
 *
 * `previous` is the symbol's candle before this one; needed where a gap lies over the expiry. `barMs`: length of the candles,
 * at most one bar of the timeframe.
 * Holds for every trade and series of candles (see paper-trade-properties.test.ts):
 * 1. the entry is the open of the first candle at or after the decision;
 * 2. nothing depends on a candle after the one that closes the trade;
 * 3. profit is in [-stake, stake × payout] for a binary option, and CALL and PUT of one spot position cancel out.
 */
export function onPaperCandle(
  trade: PaperTrade,
  candle: Candle,
  previous: Candle | undefined,
  barMs = minuteMs,
): readonly PaperEvent[] {
  if (trade.entry) return list(closeOnCandle(trade.terms, trade.entry, candle, previous, barMs))
  const { terms } = trade
  if (candle.time < terms.decidedAt) return nothing
  const deadline = entryDeadline(terms)
  if (candle.time >= deadline) return [cancelled('no-price', deadline)]
  const entry: PaperOpened = {
    kind: 'opened',
    entryTime: candle.time,
    entryPrice: dealt(terms, money.fromFloat(candle.open), 'entry'),
    expiresAt: candle.time + terms.expiryCandles * timeframeMs(terms.timeframe),
  }
  const end = closeOnCandle(terms, entry, candle, previous, barMs)
  return end ? [entry, end] : [entry]
}

/**
 * What the passing of market time alone does. `time`: every candle of the symbol that closed at or before it was handled;
 * `last` is the newest of them. For symbols that fall silent over an entry or an expiry.
 */
export function onPaperTime(trade: PaperTrade, time: number, last: Candle | undefined): PaperClosed | undefined {
  const { terms, entry } = trade
  if (entry) return time >= entry.expiresAt ? settleAtExpiry(terms, entry, last) : undefined
  // The last candle that may still be the entry opens before the deadline and closes up to a minute after it.
  const known = Math.ceil(entryDeadline(terms) / minuteMs) * minuteMs
  return time >= known ? cancelled('no-price', entryDeadline(terms)) : undefined
}

/** The recording ended at market time `time`: what waits or is open is refunded. */
export function onPaperFeedEnd(time: number): PaperClosed {
  return cancelled('feed-ended', time)
}

/**
 * Closes on demand at the last price; what has not entered yet is called off. Undefined for a binary option that is open:
 * it runs to its expiry, and for a position without a price.
 */
export function closePaperTrade({ terms, entry }: PaperTrade, last: Candle | undefined): PaperClosed | undefined {
  if (!entry) return cancelled('closed', last ? last.time + minuteMs : terms.decidedAt)
  if (terms.instrument === 'binary' || !last) return undefined
  return closed(terms, entry, money.fromFloat(last.close), 'closed', last.time + minuteMs)
}

/** An entry candle opens before this. */
function entryDeadline({ decidedAt, timeframe }: PaperTerms): number {
  return decidedAt + timeframeMs(timeframe)
}

function closeOnCandle(
  terms: PaperTerms,
  entry: PaperEntry,
  candle: Candle,
  previous: Candle | undefined,
  barMs: number,
): PaperClosed | undefined {
  if (candle.time < entry.entryTime) return undefined
  if (candle.time >= entry.expiresAt) return settleAtExpiry(terms, entry, previous)
  const exit = terms.instrument === 'spot' ? exitWithin(terms, entry, candle) : undefined
  if (exit) return closed(terms, entry, exit.price, exit.reason, candle.time + barMs)
  return candle.time + barMs >= entry.expiresAt ? settleAtExpiry(terms, entry, candle) : undefined
}

/** The last price at or before the expiry is the close of `last`. */
function settleAtExpiry(terms: PaperTerms, entry: PaperEntry, last: Candle | undefined): PaperClosed {
  if (!last || last.time < entry.entryTime) return cancelled('no-price', entry.expiresAt)
  const reason = terms.instrument === 'binary' ? 'expired' : 'timed-close'
  return closed(terms, entry, money.fromFloat(last.close), reason, entry.expiresAt)
}

/**
 * Stop-loss or take-profit inside one candle. A gap over a level fills at the open; where both levels lie inside, the
 * stop-loss counts, because the candle does not tell which came first.
 */
function exitWithin(
  terms: PaperTerms,
  { entryPrice }: PaperEntry,
  candle: Candle,
): { price: Decimal; reason: 'stop-loss' | 'take-profit' } | undefined {
  const sign = terms.direction === 'call' ? 1 : -1
  const open = money.fromFloat(candle.open)
  const [worst, best] = (sign === 1 ? [candle.low, candle.high] : [candle.high, candle.low]).map(money.fromFloat) as [
    Decimal,
    Decimal,
  ]
  const stop = terms.stopLossPct === undefined ? undefined : levelAt(entryPrice, -sign * terms.stopLossPct)
  const take = terms.takeProfitPct === undefined ? undefined : levelAt(entryPrice, sign * terms.takeProfitPct)
  /** Whether `price` is at `level` or further in the direction of profit. */
  const reaches = (price: Decimal, level: Decimal) => money.compare(price, level) * sign >= 0
  const fallsTo = (price: Decimal, level: Decimal) => money.compare(price, level) * sign <= 0
  if (stop !== undefined && fallsTo(open, stop)) return { price: open, reason: 'stop-loss' }
  if (take !== undefined && reaches(open, take)) return { price: open, reason: 'take-profit' }
  if (stop !== undefined && fallsTo(worst, stop)) return { price: stop, reason: 'stop-loss' }
  if (take !== undefined && reaches(best, take)) return { price: take, reason: 'take-profit' }
  return undefined
}

/** What one gets for the price in the middle: a CALL is bought at the entry and sold at the exit, a PUT the other way round. */
function dealt({ direction, spread }: PaperTerms, price: Decimal, side: 'entry' | 'exit'): Decimal {
  if (spread === undefined) return price
  const half = money.multiply(price, money.multiply(spread, '0.5'))
  return (direction === 'call') === (side === 'entry') ? money.add(price, half) : money.subtract(price, half)
}

function levelAt(price: Decimal, percent: number): Decimal {
  return money.multiply(price, money.divide(money.add('100', money.fromFloat(percent)), '100', 12))
}

function closed(
  terms: PaperTerms,
  { entryPrice }: PaperEntry,
  price: Decimal,
  reason: PaperCloseReason,
  closedAt: number,
): PaperClosed {
  const exitPrice = terms.instrument === 'spot' ? dealt(terms, price, 'exit') : price
  const sign = terms.direction === 'call' ? 1 : -1
  const move = money.compare(exitPrice, entryPrice) * sign
  const profit = terms.instrument === 'binary' ? binaryProfit(terms, move) : spotProfit(terms, entryPrice, exitPrice)
  const gain = money.compare(profit, '0')
  const status = gain > 0 ? 'win' : gain < 0 ? 'loss' : 'tie'
  return { kind: 'closed', status, reason, exitPrice, profit: status === 'tie' ? '0' : profit, closedAt }
}

/** Rounded half-up to the cent. */
function binaryProfit({ stake, payout }: PaperTerms, move: number): Decimal {
  if (move === 0) return '0'
  return move > 0 ? money.round(money.multiply(stake, payout), 2) : money.subtract('0', stake)
}

/** Stake × relative move, rounded half-up (away from zero) to the cent. */
function spotProfit({ direction, stake }: PaperTerms, entryPrice: Decimal, exitPrice: Decimal): Decimal {
  const move = direction === 'call' ? money.subtract(exitPrice, entryPrice) : money.subtract(entryPrice, exitPrice)
  return money.round(money.divide(money.multiply(stake, move), entryPrice, 12), 2)
}

function cancelled(reason: PaperCloseReason, closedAt: number): PaperClosed {
  return { kind: 'closed', status: 'cancelled', reason, exitPrice: null, profit: '0', closedAt }
}

/** The answer to most candles; one object, so that they make no garbage. */
const nothing: readonly never[] = []

function list<T>(value: T | undefined): readonly T[] {
  return value === undefined ? nothing : [value]
}
