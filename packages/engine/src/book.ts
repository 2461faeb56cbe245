import { bucketStart, type Decimal, type Direction, money, type StrategyConfig, timeframeMs } from '@sath/core'
import { type BotTrade, byClose, closeOf, mayBeOpen } from './bot-trade.js'
import { addToChain, type Chain, emptyChain, ladderOn } from './chain.js'
import { addProfit, countEntry, type DaySums, daySums, dropDays, entriesOn, profitOn } from './day-sums.js'
import type { Ladder } from './ladder.js'
import { copyOf, type Standing, settle, standing } from './standing.js'
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
  /** What is, or may be, on the broker's book, by id. */
  readonly open: Map<string, BotTrade>
  /** Entries decided at this moment that no trade stands for yet. */
  readonly reserved: Reservation[]
  /** What closed since `until`, in order of `byClose`. */
  readonly recent: BotTrade[]
  /** Ids in `recent`. */
  readonly recentIds: Set<string>
  /** Trades that closed before it are in `past`, and no other will come. */
  until: number
  /** From this market time on it is worth looking what can be forgotten. */
  forgetAt: number
  /** Before `recent`. */
  past: Standing
  /** One for each of the last days, oldest first; none after a result that was late. */
  marks: Mark[]
  /** `past` with `recent` on top of it. */
  present: Standing
  /** By strategy, and for each by symbol. */
  readonly chains: Map<string, Map<string, Chain>>
  days: DaySums
}

/** How things stood when so many of `recent` had closed: the next `past`, without folding anything twice. */
interface Mark {
  readonly count: number
  readonly standing: Standing
}

/** An entry on its way: what counts of it. */
export type Reservation = Pick<BotTrade, 'strategyId' | 'symbol' | 'direction' | 'stake' | 'signalTime'>

/** The current day and the one before it (a bar that closes at midnight opened on it) began after this, in every time zone. */
const keptMs = 3 * timeframeMs('D1')

export function emptyBook(timezone = 'UTC'): Book {
  return {
    open: new Map(),
    reserved: [],
    recent: [],
    recentIds: new Set(),
    until: Number.NEGATIVE_INFINITY,
    forgetAt: Number.NEGATIVE_INFINITY,
    past: standing(),
    marks: [],
    present: standing(),
    chains: new Map(),
    days: daySums(timezone),
  }
}

/** Takes in what is known about a trade. The first final status stands. */
export function record(book: Book, trade: BotTrade): void {
  dropReservation(book, trade)
  const { open, recentIds } = book
  if (mayBeOpen(trade)) {
    if (recentIds.has(trade.tradeId)) return
    if (!open.has(trade.tradeId)) countEntry(book.days, trade, 1)
    open.set(trade.tradeId, trade)
    return
  }
  // What was open cannot be among what closed.
  const wasOpen = open.delete(trade.tradeId)
  if (!wasOpen && recentIds.has(trade.tradeId)) return
  const isRefused = trade.status === 'refused'
  if (wasOpen && isRefused) countEntry(book.days, trade, -1)
  if (closeOf(trade) < book.until) return
  if (!wasOpen && !isRefused) countEntry(book.days, trade, 1)
  recentIds.add(trade.tradeId)
  insert(book, trade)
  addProfit(book.days, trade)
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
  for (const { stake } of open.values()) stakes.push(stake)
  for (const { stake } of reserved) stakes.push(stake)
  return stakes.length === 1 ? more : money.sum(stakes)
}

/** Whether the strategy has a trade on the symbol under way; in one direction or, without one, in either. */
export function isOpen({ open, reserved }: Book, strategyId: string, symbol: string, direction?: Direction): boolean {
  for (const trade of open.values()) if (isOf(trade, strategyId, symbol, direction)) return true
  for (const entry of reserved) if (isOf(entry, strategyId, symbol, direction)) return true
  return false
}

function isOf(each: Reservation, strategyId: string, symbol: string, direction: Direction | undefined): boolean {
  return each.strategyId === strategyId && each.symbol === symbol && (direction ?? each.direction) === each.direction
}

export function ladderOf({ chains }: Book, strategy: StrategyConfig, symbol: string, direction: Direction): Ladder {
  return ladderOn(chains.get(strategy.id)?.get(symbol), strategy, direction)
}

/** Realised profit of the day that contains `time`, by the trades' close; of one strategy or, without an id, of all. */
export function profitOfDay({ days }: Book, time: number, strategyId?: string): Decimal {
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
  for (const trade of book.open.values()) countEntry(book.days, trade, 1)
  for (const trade of book.recent) {
    if (trade.status !== 'refused') countEntry(book.days, trade, 1)
    addProfit(book.days, trade)
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
  const until = [...book.open.values(), ...book.reserved].reduce(
    (oldest, { signalTime }) => Math.min(oldest, signalTime),
    most,
  )
  dropDays(book.days, most)
  if (until > book.until) {
    book.until = until
    letGo(book)
  }
  if (book.recent.length > 0) book.marks.push({ count: book.recent.length, standing: copyOf(book.present) })
}

/** Lets go of what closed before `until`, as far as a mark says how things stood after it. */
function letGo(book: Book): void {
  const { recent, marks, until } = book
  const isOver = ({ count }: Mark) => closeOf(recent[count - 1] as BotTrade) < until
  const over = marks.findLast(isOver)
  if (!over) return
  for (const { tradeId } of recent.splice(0, over.count)) book.recentIds.delete(tradeId)
  book.past = over.standing
  book.marks = marks
    .filter(({ count }) => count > over.count)
    .map(({ count, standing }) => ({ count: count - over.count, standing }))
}

function dropReservation({ reserved }: Book, { strategyId, symbol, signalTime }: BotTrade): void {
  if (reserved.length === 0) return
  const index = reserved.findIndex(
    (each) => each.strategyId === strategyId && each.symbol === symbol && each.signalTime === signalTime,
  )
  const last = reserved.at(-1)
  if (index < 0 || !last) return
  reserved[index] = last
  reserved.pop()
}

/** A result almost always closed after all others; one that is late moves those after it. */
function insert(book: Book, trade: BotTrade): void {
  const { recent } = book
  const last = recent.at(-1)
  if (!last || byClose(last, trade) < 0) {
    recent.push(trade)
    settle(book.present, trade)
    return
  }
  recent.splice(recent.findLastIndex((other) => byClose(other, trade) < 0) + 1, 0, trade)
  book.marks = []
  book.present = copyOf(book.past)
  for (const each of recent) settle(book.present, each)
}

function chainOf({ chains }: Book, strategyId: string, symbol: string): Chain {
  const known = chains.get(strategyId)?.get(symbol)
  if (known) return known
  const chain = emptyChain()
  chains.set(strategyId, (chains.get(strategyId) ?? new Map<string, Chain>()).set(symbol, chain))
  return chain
}
