import type { Candle } from '@sath/core'

/**
 * `market`: time is what the candles say; the next minute comes when the last one was acknowledged (replay).
 * `wall`: minutes come when the world has made them.
 */
export type FeedClock = 'market' | 'wall'

export interface SymbolCandle {
  readonly symbol: string
  readonly candle: Candle
}

/** Closed M1 candles of one market minute, in order of symbol. */
export interface MinuteBatch {
  /** Open time of every candle in it, epoch ms UTC, a multiple of 60,000. */
  readonly time: number
  /** Never empty; a symbol at most once. A symbol without a candle in this minute is simply not there. */
  readonly candles: readonly SymbolCandle[]
}

/** Minutes the source could not give: from `fromMs` (first missing open time) up to, not including, `toMs`. */
export interface Gap {
  readonly symbol: string
  readonly fromMs: number
  readonly toMs: number
}

export interface FeedStatus {
  readonly connected: boolean
  /** One sentence for a person. */
  readonly reason: string
}

export interface FeedHandlers {
  /**
   * Called one at a time: the feed awaits it before the next call, so the handler's speed is the feed's limit.
   * A market feed sends each minute once, whole. A wall feed may send the same minute again with other symbols.
   * For each symbol, times only rise. If it rejects, the feed stops and says so in `onStatus`.
   */
  onMinute(batch: MinuteBatch): Promise<void>
  /**
   * The source's own clock as it says it, epoch ms UTC: before the minutes that it brings after a pause, and whenever it is
   * heard of. By the time this is called it is a little later there, never earlier.
   */
  onTime?(time: number): void
  /** The minute that is still open, for browsers only; may be called several times a second. */
  onForming?(symbol: string, candle: Candle): void
  /** Missing minutes that a backfill could not give. Gaps of a recording are part of it and not reported. */
  onGap?(gap: Gap): void
  onStatus?(status: FeedStatus): void
  /** The recording is over; after the last minute was acknowledged. Nothing follows. */
  onEnd?(): Promise<void> | void
}

export interface FeedStart {
  /**
   * Open time of the last candle already stored, epoch ms. The feed goes on with the minute after it; a wall feed does so
   * for the symbols followed when it starts, at most 24 hours back. Absent: a recording begins at its beginning, a wall
   * feed with the minute that is open now.
   */
  readonly startAfter?: number
}

/**
 * A source of M1 candles. Only closed candles are candles; none is ever invented.
 */
export interface Feed {
  /** Name under which its candles are stored, for example "binance". */
  readonly source: string
  /** Made by a formula, not by a market. Must be shown to whoever sees its candles. */
  readonly synthetic: boolean
  readonly clock: FeedClock
  /**
   * The source's own clock, epoch ms UTC: whether a candle has just closed is for it to say, because ours may be wrong. A
   * market feed's is the close of the last minute it has sent. @throws Error when the source cannot be reached
   */
  time(): Promise<number>
  /** Every symbol the source has, sorted. */
  symbols(): Promise<readonly string[]>
  /**
   * Closed M1 candles with fromMs <= time < toMs, oldest first. A market feed gives none after the last minute it has sent
   * (no look-ahead). @throws Error when the source cannot be reached or does not know the symbol
   */
  history(symbol: string, fromMs: number, toMs: number): Promise<readonly Candle[]>
  /**
   * The symbols somebody wants, the whole set each time. A wall feed delivers these and no others; a market feed delivers
   * all it has, because its clock must not depend on who listens.
   */
  follow(symbols: readonly string[]): void
  /** Resolves once the first minute may come. @throws Error when already started */
  start(handlers: FeedHandlers, options?: FeedStart): Promise<void>
  /**
   * Resolves when no handler is running and none will be called again, so a handler must not await it. May be started again.
   */
  stop(): Promise<void>
}
