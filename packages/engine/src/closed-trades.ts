import { type Tally, tallyOf } from '@sath/core'
import { type BotTrade, byClose, closeOf } from './bot-trade.js'
import { copyOf, type Standing, settle, standing } from './standing.js'

/** Results in order of their close, and what they have come to. Old ones are let go of without changing what they came to. */
export interface ClosedTrades {
  /** What closed since `until`, in order of `byClose`. */
  readonly recent: BotTrade[]
  /** Trades that closed before it are in `past`, and no other will come. */
  until: number
  /** Before `recent`. */
  past: Standing
  /** One for each of the last days, oldest first; none after a result that was late. */
  marks: Mark[]
  /** `past` with `recent` on top of it. */
  present: Standing
}

/** How things stood when so many of `recent` had closed: the next `past`, without folding anything twice. */
interface Mark {
  readonly count: number
  readonly standing: Standing
}

export function noClosedTrades(): ClosedTrades {
  return { recent: [], until: Number.NEGATIVE_INFINITY, past: standing(), marks: [], present: standing() }
}

/** Whether the trade is among the recent ones. Nothing closes before its signal, so it is among those that closed since. */
export function hasClosed({ recent }: ClosedTrades, { tradeId, signalTime }: BotTrade): boolean {
  for (let at = recent.length - 1; at >= 0; at--) {
    const each = recent[at] as BotTrade
    if (closeOf(each) < signalTime) return false
    if (each.tradeId === tradeId) return true
  }
  return false
}

/** Takes in a result, once; `profit`: that of the trade. It almost always closed after all others; one that is late moves those after it. */
export function addClosed(trades: ClosedTrades, trade: BotTrade, profit: Readonly<Tally>): void {
  const { recent } = trades
  const last = recent.at(-1)
  if (!last || byClose(last, trade) < 0) {
    recent.push(trade)
    settle(trades.present, trade, profit)
    return
  }
  recent.splice(recent.findLastIndex((other) => byClose(other, trade) < 0) + 1, 0, trade)
  trades.marks = []
  trades.present = copyOf(trades.past)
  for (const each of recent) settle(trades.present, each, tallyOf(each.profit))
}

/** Lets go of what closed before `until`, as far as a mark says how things stood after it; and sets a mark. To be asked daily. */
export function letGo(trades: ClosedTrades, until: number): void {
  const { recent } = trades
  if (until > trades.until) {
    trades.until = until
    const isOver = ({ count }: Mark) => closeOf(recent[count - 1] as BotTrade) < until
    const over = trades.marks.findLast(isOver)
    if (over) dropUpTo(trades, over)
  }
  if (recent.length > 0) trades.marks.push({ count: recent.length, standing: copyOf(trades.present) })
}

function dropUpTo(trades: ClosedTrades, { count, standing }: Mark): void {
  trades.recent.splice(0, count)
  trades.past = standing
  trades.marks = trades.marks
    .filter((mark) => mark.count > count)
    .map((mark) => ({ count: mark.count - count, standing: mark.standing }))
}
