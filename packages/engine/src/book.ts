import { bucketStart, type Decimal, type Direction, money, type Tally, tallyOf, timeframeMs } from '@sath/core'
import { type BotTrade, closeOf, mayBeOpen } from './bot-trade.js'
import { addToChain, type Chain, emptyChain } from './chain.js'
import { addClosed, type ClosedTrades, hasClosed, letGo, noClosedTrades } from './closed-trades.js'
import { addProfit, countEntry, type DaySums, daySums, dropDays, entriesOn, profitOn } from './day-sums.js'
import type { Standing } from './standing.js'
import { isIn } from './trading-day.js'

/**
 * A bot's trades, from which ladders, daily counters and open positions follow. Nothing else is remembered about money, so
 * whoever has the trades has the state. Each result is folded in once, when it comes; none is looked at again to decide.
 *
 * Holds for every sequence (see book.test.ts):
 * 1. trades may come in any order and any number of times;
 * 2. forgetting changes no answer;
 * 3. every answer is that of a plain fold over all trades.
 */
export interface Book {
  /** What is, or may be, on the broker's book: a handful, in no order. */
  readonly open: BotTrade[]
  /** Entries decided at this moment that no trade stands for yet. */
  readonly reserved: Reservation[]
  readonly closed: ClosedTrades
  /** By strategy, and for each by symbol. */
  readonly chains: Map<string, Map<string, Chain>>
  days: DaySums
  /** From this market time on it is worth looking what can be forgotten. */
  forgetAt: number
}

/** An entry on its way: what counts of it. */
export type Reservation = Pick<BotTrade, 'strategyId' | 'symbol' | 'direction' | 'stake' | 'signalTime'>

/** The current day and the one before it (a bar that closes at midnight opened on it) began after this, in every time zone. */
const keptMs = 3 * timeframeMs('D1')

export function emptyBook(timezone = 'UTC'): Book {
  return {
    open: [],
    reserved: [],
    closed: noClosedTrades(),
    chains: new Map(),
    days: daySums(timezone),
    forgetAt: Number.NEGATIVE_INFINITY,
  }
}

/** Takes in what is known about a trade. The first final status stands. */
export function record(book: Book, trade: BotTrade): void {
  dropReservation(book, trade)
  const { open, closed } = book
  const at = placeOf(open, trade)
  const wasOpen = at >= 0
  // What was open cannot be among what closed.
  if (!wasOpen && hasClosed(closed, trade)) return
  if (mayBeOpen(trade)) {
    if (wasOpen) open[at] = trade
    else {
      open.push(trade)
      countEntry(book.days, trade, 1)
    }
    return
  }
  if (wasOpen) takeOut(open, at)
  const isRefused = trade.status === 'refused'
  if (wasOpen && isRefused) countEntry(book.days, trade, -1)
  if (closeOf(trade) < closed.until) return
  if (!wasOpen && !isRefused) countEntry(book.days, trade, 1)
  const profit = tallyOf(trade.profit)
  addClosed(closed, trade, profit)
  addProfit(book.days, trade, profit)
  addToChain(chainOf(book, trade.strategyId, trade.symbol), trade)
}

/** Notes an entry that no trade stands for yet. */
export function reserve(book: Book, reservation: Reservation): void {
  book.reserved.push(reservation)
}

/** An entry decided at an earlier moment has become a trade by now, or never will. */
export function dropReservations({ reserved }: Book): void {
  if (reserved.length > 0) reserved.length = 0
}

/** Everything at stake, `more` included: open trades and the entries decided at this moment. */
export function atStake({ open, reserved }: Book, more: Decimal): Decimal {
  const stakes = [more]
  for (const { stake } of open) stakes.push(stake)
  for (const { stake } of reserved) stakes.push(stake)
  return stakes.length === 1 ? more : money.sum(stakes)
}

/** Whether the strategy has a trade on the symbol under way; in one direction or, without one, in either. */
export function isOpen({ open, reserved }: Book, strategyId: string, symbol: string, direction?: Direction): boolean {
  for (const trade of open) if (isOf(trade, strategyId, symbol, direction)) return true
  for (const entry of reserved) if (isOf(entry, strategyId, symbol, direction)) return true
  return false
}

function isOf(each: Reservation, strategyId: string, symbol: string, direction: Direction | undefined): boolean {
  return each.strategyId === strategyId && each.symbol === symbol && (direction ?? each.direction) === each.direction
}

/** What all results have come to. */
export function standingOf({ closed }: Book): Standing {
  return closed.present
}

/** Realised profit of the day that contains `time`, by the trades' close; of one strategy or, without an id, of all. */
export function profitOfDay({ days }: Book, time: number, strategyId?: string): Readonly<Tally> {
  return profitOn(days, time, strategyId)
}

/** Entries whose signal bar opened on the day that contains `time`. What was refused was none. */
export function entriesOfDay({ reserved, days }: Book, time: number, strategyId?: string): number {
  const entries = entriesOn(days, time, strategyId)
  if (reserved.length === 0) return entries
  const day = days.dayOf(time)
  const counts = (each: Reservation) =>
    isIn(day, each.signalTime) && (strategyId ?? each.strategyId) === each.strategyId
  return entries + reserved.filter(counts).length
}

/** Counts days by another time zone from now on. */
export function moveTo(book: Book, timezone: string): void {
  book.days = daySums(timezone)
  for (const trade of book.open) countEntry(book.days, trade, 1)
  for (const trade of book.closed.recent) {
    if (trade.status !== 'refused') countEntry(book.days, trade, 1)
    addProfit(book.days, trade, tallyOf(trade.profit))
  }
}

/**
 * Once a day lets go of trades that no answer about the day of `time`, the day before it or a later one can depend on. A late
 * result of a trade that is still open stays possible.
 */
export function forget(book: Book, time: number): void {
  if (time < book.forgetAt) return
  const today = bucketStart(time, 'D1')
  book.forgetAt = today + timeframeMs('D1')
  const most = today - keptMs
  const until = [...book.open, ...book.reserved].reduce((oldest, { signalTime }) => Math.min(oldest, signalTime), most)
  dropDays(book.days, most)
  letGo(book.closed, until)
}

function dropReservation({ reserved }: Book, { strategyId, symbol, signalTime }: BotTrade): void {
  for (let at = 0; at < reserved.length; at++) {
    const each = reserved[at] as Reservation
    if (each.signalTime !== signalTime || each.strategyId !== strategyId || each.symbol !== symbol) continue
    takeOut(reserved, at)
    return
  }
}

function placeOf(trades: readonly BotTrade[], { tradeId }: BotTrade): number {
  for (let at = 0; at < trades.length; at++) if (trades[at]?.tradeId === tradeId) return at
  return -1
}

/** Without keeping the order. */
function takeOut<T>(from: T[], at: number): void {
  const last = from.pop() as T
  if (at < from.length) from[at] = last
}

/** The results of a strategy on a symbol that its ladders depend on: always the same object. */
export function chainOf({ chains }: Book, strategyId: string, symbol: string): Chain {
  const known = chains.get(strategyId)?.get(symbol)
  if (known) return known
  const chain = emptyChain()
  chains.set(strategyId, (chains.get(strategyId) ?? new Map<string, Chain>()).set(symbol, chain))
  return chain
}
