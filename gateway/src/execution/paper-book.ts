import {
  closePaperTrade,
  onPaperCandle,
  onPaperFeedEnd,
  onPaperTime,
  type PaperEntry,
  type PaperEvent,
  type PaperTrade,
} from '@sath/brokers'
import { type Candle, money } from '@sath/core'
import type { TradeEvent, TradeRow } from '@sath/db'
import type { PlacedOrder } from './placed-order.js'

interface OpenTrade {
  readonly placed: PlacedOrder
  readonly paper: PaperTrade
}

/**
 * Open paper trades, watched on every minute whether or not their bot is there. What it holds follows from the rows and the
 * candles; the caller writes each event before the book takes it in.
 */
export interface PaperBook {
  /** An accepted order's trade, from its rows. */
  add(placed: PlacedOrder, row: TradeRow): void
  /** What one closed M1 candle does. `previous`: the symbol's M1 candle before it. */
  onCandle(symbol: string, candle: Candle, previous: Candle | undefined): TradeEvent[]
  /** What market time does to trades of symbols that are silent; every candle that closed at or before `time` was handled. */
  onTime(time: number, lastOf: (symbol: string) => Candle | undefined): TradeEvent[]
  /** Refunds everything. */
  onFeedEnd(time: number): TradeEvent[]
  /** Closes on demand what can be closed of one tenant; the rest stays. */
  closeNow(tenantId: string, lastOf: (symbol: string) => Candle | undefined): TradeEvent[]
  /** Folds candles that came before the trade was known here. */
  replay(tradeId: string, candles: readonly Candle[]): TradeEvent[]
  /**
   * Takes in what became of the events: trades as their rows are now. One without a row went with its tenant. Returns the
   * orders that are off the book with it.
   */
  update(events: readonly TradeEvent[], rows: readonly TradeRow[]): PlacedOrder[]
  readonly symbols: ReadonlySet<string>
  has(tradeId: string): boolean
  ofTenant(tenantId: string): readonly OpenTrade[]
}

export function createPaperBook(): PaperBook {
  const trades = new Map<string, OpenTrade>()

  const of = (symbol: string) => [...trades.values()].filter(({ placed }) => placed.order.symbol === symbol)

  return {
    add(placed, row) {
      trades.set(placed.tradeId, { placed, paper: paperOf(placed, row) })
    },
    onCandle: (symbol, candle, previous) =>
      of(symbol).flatMap(({ placed, paper }) =>
        onPaperCandle(paper, candle, previous).map((event) => eventOf(placed, event)),
      ),
    onTime: (time, lastOf) =>
      [...trades.values()].flatMap(({ placed, paper }) => {
        const last = lastOf(placed.order.symbol)
        // A symbol that has a candle of this minute was told by it.
        if (last && last.time + 60_000 >= time) return []
        const event = onPaperTime(paper, time, last)
        return event ? [eventOf(placed, event)] : []
      }),
    onFeedEnd: (time) => [...trades.values()].map(({ placed }) => eventOf(placed, onPaperFeedEnd(time))),
    closeNow: (tenantId, lastOf) =>
      [...trades.values()].flatMap(({ placed, paper }) => {
        const event = placed.tenantId === tenantId ? closePaperTrade(paper, lastOf(placed.order.symbol)) : undefined
        return event ? [eventOf(placed, event)] : []
      }),
    replay(tradeId, candles) {
      const trade = trades.get(tradeId)
      const events: TradeEvent[] = []
      let entry = trade?.paper.entry
      let previous: Candle | undefined
      for (const candle of candles) {
        if (!trade || events.at(-1)?.kind === 'closed') break
        for (const event of onPaperCandle({ ...trade.paper, entry }, candle, previous)) {
          if (event.kind === 'opened') entry = event
          events.push(eventOf(trade.placed, event))
        }
        previous = candle
      }
      return events
    },
    update(events, rows) {
      const byId = new Map(rows.map((row) => [row.id, row]))
      const gone: PlacedOrder[] = []
      for (const tradeId of new Set(events.map((event) => event.tradeId))) {
        const trade = trades.get(tradeId)
        if (!trade) continue
        const row = byId.get(tradeId)
        if (row?.status === 'open') {
          trades.set(tradeId, { placed: trade.placed, paper: paperOf(trade.placed, row) })
        } else {
          trades.delete(tradeId)
          gone.push(trade.placed)
        }
      }
      return gone
    },
    get symbols() {
      return new Set([...trades.values()].map(({ placed }) => placed.order.symbol))
    },
    has: (tradeId) => trades.has(tradeId),
    ofTenant: (tenantId) => [...trades.values()].filter(({ placed }) => placed.tenantId === tenantId),
  }
}

function paperOf({ order }: PlacedOrder, row: TradeRow): PaperTrade {
  const { openedAt, entryPrice, expiresAt } = row
  const entry: PaperEntry | undefined =
    openedAt && entryPrice && expiresAt
      ? { entryTime: openedAt.getTime(), entryPrice: money.add(entryPrice, '0'), expiresAt: expiresAt.getTime() }
      : undefined
  return { terms: order, entry }
}

function eventOf({ tradeId }: PlacedOrder, event: PaperEvent): TradeEvent {
  if (event.kind === 'opened') {
    const { entryTime, entryPrice, expiresAt } = event
    return { kind: 'opened', tradeId, entryPrice, openedAt: entryTime, expiresAt }
  }
  return { ...event, tradeId }
}
