import { type Candle, type SeriesKey, timeframeMs } from '@sath/core'
import {
  candlesBetween,
  type Db,
  ensureDays,
  recordTradeEvents,
  type StoredCandle,
  storeCandles,
  type TradeEvent,
  type TradeRow,
} from '@sath/db'
import type { FeedClock, MinuteBatch } from '@sath/feeds'
import type { Logger } from 'pino'
import type { PaperBook } from '../execution/paper-book.js'
import type { PlacedOrder } from '../execution/placed-order.js'
import { persist } from '../persist.js'
import { inMarketOrder } from '../sessions/candle-plan.js'
import type { InTurn } from '../turns.js'
import type { SourceClock } from './source-clock.js'
import { openSymbolSeries, type SymbolSeries } from './symbol-series.js'

const minuteMs = 60_000

/** Who hears of the market. None of it may throw or wait. */
export interface MarketListeners {
  /** Trades that changed; before the candles of the same minute. */
  onTrades(rows: readonly TradeRow[], gone: readonly PlacedOrder[]): void
  /** Closed candles in market order. */
  onCandles(candles: readonly { key: SeriesKey; candle: Candle; mode: 'live' | 'stale' }[]): void
}

export interface MarketDeps {
  readonly db: Db
  readonly log: Logger
  readonly signal: AbortSignal
  readonly source: string
  readonly clock: FeedClock
  readonly book: PaperBook
  readonly listeners: MarketListeners
  /** Minutes, joins of bots and late trades take turns: nobody sees half a minute. */
  readonly inTurn: InTurn
  /** Ours, epoch ms; for where nothing depends on its being right. */
  readonly wallNow: () => number
  /** The source's own: what has closed just now, and what is backfilled, is by that. */
  readonly sourceClock: SourceClock
  /** A wall feed's candle that is older than this, ms, is no occasion to enter any more. */
  readonly staleAfterMs: number
}

/** One source's market as this gateway knows it. */
export interface Market {
  readonly source: string
  /** Market time: the close of the newest minute, epoch ms; undefined before the first. */
  readonly now: number | undefined
  /** Whether an entry decided at this close would still be at its moment. Not while a wall feed has not said its time. */
  isEntryOpen(closeTime: number): boolean
  lastOf(symbol: string): Candle | undefined
  /** The bar that is still open, whatever its length; undefined before its first minute. */
  forming(key: Omit<SeriesKey, 'source'>): Candle | undefined
  /** Before the first minute: where the stored candles end, with the last prices of these symbols. */
  resume(now: number | undefined, symbols: Iterable<string>): Promise<void>
  /** One minute, whole: stored, trades settled, everybody told. `store` false: another gateway leads and has stored it. */
  minute(batch: MinuteBatch, store: boolean): Promise<void>
  /** Puts an accepted order's trade under watch, with whatever the market did since its decision. */
  adopt(placed: PlacedOrder, row: TradeRow): Promise<void>
  /** Writes what happened to trades and tells everybody. Call it in turn. */
  settle(events: readonly TradeEvent[]): Promise<readonly TradeRow[]>
  /** The recording is over: what is open is refunded. */
  end(): Promise<void>
  /** Forgets what was derived from stored minutes of a symbol, because there are more of them now. Call it in turn. */
  forget(symbol: string): void
}

export function createMarket(deps: MarketDeps): Market {
  const { db, log, signal, source, clock, book, listeners, inTurn, wallNow, sourceClock, staleAfterMs } = deps
  const symbols = new Map<string, SymbolSeries>()
  const insist = { signal, log }
  let now: number | undefined
  let ended = false

  async function seriesOf(symbol: string): Promise<SymbolSeries> {
    const known = symbols.get(symbol)
    if (known) return known
    const open = () => openSymbolSeries(db, source, symbol, now ?? wallNow())
    const opened = await persist('stored minutes', open, insist)
    symbols.set(symbol, opened)
    return opened
  }

  const lastOf = (symbol: string) => symbols.get(symbol)?.last
  const isEntryOpen = (closeTime: number) => {
    if (clock === 'market') return now === undefined || closeTime >= now
    const there = sourceClock.now()
    return there !== undefined && there - closeTime <= staleAfterMs
  }

  function announce(events: readonly TradeEvent[], rows: readonly TradeRow[]): void {
    const gone = book.update(events, rows)
    if (events.length > 0) listeners.onTrades(rows, gone)
  }

  async function settle(events: readonly TradeEvent[]): Promise<readonly TradeRow[]> {
    if (events.length === 0) return []
    const rows = await persist('trades', () => db.transaction((tx) => recordTradeEvents(tx, events)), insist)
    announce(events, rows)
    return rows
  }

  async function minute(batch: MinuteBatch, store: boolean): Promise<void> {
    const closed: StoredCandle[] = []
    const events: TradeEvent[] = []
    for (const { symbol, candle } of batch.candles) {
      const series = await seriesOf(symbol)
      const previous = series.last
      const bars = series.push(candle)
      if (bars.length === 0) continue
      closed.push(...bars)
      events.push(...book.onCandle(symbol, candle, previous))
    }
    const closeTime = Math.max(now ?? 0, batch.time + minuteMs)
    // On a wall clock another symbol's candle of this minute may still be on its way.
    events.push(...book.onTime(clock === 'market' ? closeTime : closeTime - minuteMs, lastOf))
    const rows = await persist(
      'a minute',
      async () => {
        await ensureDays(db, 'candles', new Set(closed.map(({ candle }) => candle.time)))
        if (events.length === 0) {
          if (store) await storeCandles(db, source, closed)
          return []
        }
        return await db.transaction(async (tx) => {
          if (store) await storeCandles(tx, source, closed)
          return await recordTradeEvents(tx, events)
        })
      },
      insist,
    )
    now = closeTime
    announce(events, rows)
    const candles = closed
      .map(({ symbol, timeframe, candle }) => {
        const mode = isEntryOpen(candle.time + timeframeMs(timeframe)) ? ('live' as const) : ('stale' as const)
        return { key: { source, symbol, timeframe }, candle, mode }
      })
      .sort(inMarketOrder)
    listeners.onCandles(candles)
  }

  return {
    source,
    get now() {
      return now
    },
    isEntryOpen,
    lastOf,
    forming: ({ symbol, timeframe }) => (timeframe === 'M1' ? undefined : symbols.get(symbol)?.forming(timeframe)),
    async resume(stored, symbols) {
      now = stored
      for (const symbol of symbols) await seriesOf(symbol)
    },
    minute: (batch, store) => inTurn(() => minute(batch, store)),
    adopt: (placed, row) =>
      inTurn(async () => {
        book.add(placed, row)
        const { symbol, decidedAt } = placed.order
        // Its last price: a stop must not wait for a next one.
        await seriesOf(symbol)
        if (now !== undefined && now > decidedAt) {
          const key = { source, symbol, timeframe: 'M1' } as const
          const missed = await persist('missed minutes', () => candlesBetween(db, key, decidedAt, now ?? 0), insist)
          await settle(book.replay(placed.tradeId, missed))
        }
        if (ended) await settle(book.onFeedEnd(now ?? decidedAt))
      }),
    settle,
    end: () =>
      inTurn(async () => {
        ended = true
        await settle(book.onFeedEnd(now ?? wallNow()))
      }),
    forget: (symbol) => symbols.delete(symbol),
  }
}
