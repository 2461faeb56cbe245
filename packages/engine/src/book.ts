import { bucketStart, type Decimal, type Direction, money, type StrategyConfig, timeframeMs } from '@sath/core'
import { type BotTrade, byClose, closeOf, mayBeOpen } from './bot-trade.js'
import { climb, groundLevel, highestLevel, type Ladder, ladderKey } from './ladder.js'

/**
 * A bot's trades, from which ladders, daily counters and open positions follow. Nothing else is remembered about money, so
 * whoever has the trades has the state.
 *
 * Holds for every sequence (see book.test.ts):
 * 1. trades may come in any order and any number of times;
 * 2. forgetting changes no answer.
 */
export interface Book {
  /** What is, or may be, on the broker's book, by trade id. */
  readonly open: Map<string, BotTrade>
  /** What is over, in order of `byClose`. */
  closed: BotTrade[]
  /** Ids in `closed`. */
  readonly closedIds: Set<string>
  /** Entries decided at this moment that no trade stands for yet. */
  reserved: Reservation[]
  readonly past: Past
}

/** An entry on its way: what counts of it. */
export type Reservation = Pick<BotTrade, 'strategyId' | 'symbol' | 'direction' | 'stake' | 'signalTime'>

/** Totals over every trade that closed before `until`, whether or not it is still in `closed`. */
interface Past {
  until: number
  profit: Decimal
  /** Highest that `profit` ever was; at least 0. */
  peak: Decimal
  /** Close of the last loss by strategy. */
  readonly lastLoss: Map<string, number>
}

export function emptyBook(): Book {
  const past: Past = { until: Number.NEGATIVE_INFINITY, profit: '0', peak: '0', lastLoss: new Map() }
  return { open: new Map(), closed: [], closedIds: new Set(), reserved: [], past }
}

/** Takes in what is known about a trade. The first final status stands. */
export function record(book: Book, trade: BotTrade): void {
  const same = (other: Reservation) =>
    other.strategyId === trade.strategyId && other.symbol === trade.symbol && other.signalTime === trade.signalTime
  book.reserved = book.reserved.filter((intended) => !same(intended))
  if (book.closedIds.has(trade.tradeId)) return
  if (mayBeOpen(trade)) {
    book.open.set(trade.tradeId, trade)
    return
  }
  book.open.delete(trade.tradeId)
  if (closeOf(trade) < book.past.until) return
  book.closedIds.add(trade.tradeId)
  const after = book.closed.findLastIndex((other) => byClose(other, trade) < 0)
  book.closed.splice(after + 1, 0, trade)
}

/** Everything at stake: open trades and the entries decided at this moment. */
export function atStake({ open, reserved }: Book): Reservation[] {
  return [...open.values(), ...reserved]
}

export function ladderOf({ closed }: Book, strategy: StrategyConfig, symbol: string, direction: Direction): Ladder {
  const highest = highestLevel(strategy.martingale)
  const key = ladderKey(strategy, symbol, direction)
  return closed
    .filter((trade) => trade.strategyId === strategy.id && ladderKey(strategy, trade.symbol, trade.direction) === key)
    .reduce((ladder, trade) => climb(ladder, trade, highest), groundLevel)
}

/** Realised profit of the UTC day that contains `time`, by the trades' close; of one strategy or, without an id, of all. */
export function profitOfDay({ closed }: Book, time: number, strategyId?: string): Decimal {
  const from = bucketStart(time, 'D1')
  let profit: Decimal = '0'
  for (const trade of closed) {
    const counts = bucketStart(closeOf(trade), 'D1') === from && (strategyId ?? trade.strategyId) === trade.strategyId
    if (counts) profit = money.add(profit, trade.profit)
  }
  return profit
}

/** Entries whose signal bar opened on the UTC day that contains `time`. What was refused was none. */
export function entriesOfDay(book: Book, time: number, strategyId?: string): number {
  const from = bucketStart(time, 'D1')
  const counts = (trade: Reservation) =>
    bucketStart(trade.signalTime, 'D1') === from && (strategyId ?? trade.strategyId) === trade.strategyId
  const closed = book.closed.filter((trade) => trade.status !== 'refused' && counts(trade))
  return closed.length + atStake(book).filter(counts).length
}

/** Market time at which the strategy last lost a trade. */
export function lastLossAt({ closed, past }: Book, strategyId: string): number | undefined {
  const loss = closed.findLast((trade) => trade.strategyId === strategyId && trade.status === 'loss')
  const forgotten = past.lastLoss.get(strategyId)
  if (!loss) return forgotten
  // One that was kept for its ladder may be older than one that was let go.
  return forgotten === undefined ? closeOf(loss) : Math.max(closeOf(loss), forgotten)
}

/** Realised profit of all trades, and the highest it ever was, which is at least 0. */
export function results({ closed, past }: Book): { profit: Decimal; peak: Decimal } {
  let { profit, peak } = past
  for (const trade of closed) {
    if (closeOf(trade) < past.until) continue
    profit = money.add(profit, trade.profit)
    peak = money.max(peak, profit)
  }
  return { profit, peak }
}

/**
 * Lets go of trades that no answer about the day of `time`, the day before it (a bar that closes at midnight opened on it) or
 * a later one can depend on: older, and followed by a win that reset their ladder, whether it is single or dual. A late
 * result of a trade that is still open stays possible.
 */
export function forget(book: Book, time: number): void {
  const oldestOpen = atStake(book).reduce(
    (oldest, { signalTime }) => Math.min(oldest, signalTime),
    Number.POSITIVE_INFINITY,
  )
  const until = Math.min(bucketStart(time, 'D1') - timeframeMs('D1'), oldestOpen)
  if (until <= book.past.until) return
  const older = book.closed.filter((trade) => closeOf(trade) < until)
  const totals = results({ ...book, closed: older })
  const { lastLoss } = book.past
  for (const trade of older) {
    if (trade.status !== 'loss') continue
    lastLoss.set(trade.strategyId, Math.max(closeOf(trade), lastLoss.get(trade.strategyId) ?? 0))
  }
  Object.assign(book.past, totals, { until })

  const wonSince = new Set<string>()
  book.closed = book.closed
    .toReversed()
    .filter((trade) => {
      const chain = `${trade.strategyId} ${trade.symbol} ${trade.direction}`
      const keep = closeOf(trade) >= until || (movesLadder(trade) && !wonSince.has(chain))
      if (trade.status === 'win') wonSince.add(chain)
      if (!keep) book.closedIds.delete(trade.tradeId)
      return keep
    })
    .toReversed()
}

function movesLadder({ status }: BotTrade): boolean {
  return status === 'win' || status === 'loss'
}
