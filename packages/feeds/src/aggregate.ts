import { bucketStart, type Candle, type Timeframe, timeframeMs } from '@sath/core'
import { isSound } from './sound-candle.js'

export interface AggregatedCandle {
  readonly timeframe: Timeframe
  readonly candle: Candle
  /** Its first minutes were before we listened: it is not the market's bar and no strategy may decide on it. */
  readonly partial: boolean
}

/** What became of the input that did not simply follow. */
export interface AggregatorCounts {
  /** The same minute as the last one: ignored. */
  readonly duplicates: number
  /** A minute before the last one: refused. Late and out of order are the same, because bars are already closed by then. */
  readonly outOfOrder: number
  /** Not a candle (NaN, a price that is not positive, a time between two minutes …): refused. */
  readonly malformed: number
  /** Holes between two candles, and the candles that are missing in them; none is made up. */
  readonly gaps: number
  readonly missingBars: number
}

export interface Aggregator {
  /**
   * Folds one closed M1 candle of the symbol in and returns the bars it closed, in order of close time, then shortest
   * first. A bar closes with its last minute or, where that is missing, with the next minute that comes.
   */
  push(candle: Candle): readonly AggregatedCandle[]
  /** The bar that is still open; undefined before its first minute. For browsers, never for strategies. */
  forming(timeframe: Timeframe): Candle | undefined
  readonly counts: AggregatorCounts
}

export interface AggregatorOptions {
  /** Length of the candles that are pushed, for all that is said of minutes here. Absent: M1. */
  readonly input?: Timeframe
  /** Bars to build, each longer than the input. */
  readonly timeframes: readonly Exclude<Timeframe, 'M1'>[]
  /**
   * Everything the symbol had from this instant on (epoch ms) is pushed, for example because stored candles are pushed
   * first. Absent: the time of the first candle. A bar that begins before it is `partial`.
   */
  readonly completeFrom?: number
}

/** The answer of most minutes; one object, so that they make no garbage. */
const nothing: readonly AggregatedCandle[] = Object.freeze([])

/** Bars of one symbol from its M1 candles, as a streaming fold: nothing but the open bars is kept. */
export function createAggregator({ input = 'M1', timeframes, completeFrom }: AggregatorOptions): Aggregator {
  const barMs = timeframeMs(input)
  // Shortest first: a shorter bar that is open lies inside every longer one, so it ends no later.
  const folds = timeframes.map((timeframe) => new Fold(timeframe)).sort((a, b) => a.ms - b.ms)
  const counts = { duplicates: 0, outOfOrder: 0, malformed: 0, gaps: 0, missingBars: 0 }
  let knownFrom = completeFrom
  let last = Number.NEGATIVE_INFINITY

  function close(fold: Fold, closed: AggregatedCandle[] | undefined): AggregatedCandle[] {
    const bar = { timeframe: fold.timeframe, candle: fold.candle(), partial: fold.time < (knownFrom ?? 0) }
    fold.isOpen = false
    if (!closed) return [bar]
    closed.push(bar)
    return closed
  }

  /** True when the candle follows the last one; counts what it is otherwise, and the hole it leaves. */
  function follows(candle: Candle): boolean {
    if (!isSound(candle, barMs)) counts.malformed++
    else if (candle.time === last) counts.duplicates++
    else if (candle.time < last) counts.outOfOrder++
    else {
      if (candle.time - last > barMs && last > Number.NEGATIVE_INFINITY) {
        counts.gaps++
        counts.missingBars += (candle.time - last) / barMs - 1
      }
      return true
    }
    return false
  }

  return {
    push(candle) {
      if (!follows(candle)) return nothing
      const { time } = candle
      knownFrom ??= time
      last = time
      let closed: AggregatedCandle[] | undefined
      // What a gap left open ended before this minute, so it comes before what this minute ends.
      for (const fold of folds) if (fold.isOpen && time >= fold.end) closed = close(fold, closed)
      for (const fold of folds) {
        fold.add(candle)
        if (time + barMs === fold.end) closed = close(fold, closed)
      }
      return closed ?? nothing
    },
    forming(timeframe) {
      const fold = folds.find((each) => each.timeframe === timeframe)
      return fold?.isOpen ? fold.candle() : undefined
    },
    counts,
  }
}

/** The bar of one timeframe that is being built, in fields that are changed in place: hot path, no garbage. */
class Fold {
  readonly timeframe: Timeframe
  readonly ms: number
  isOpen = false
  time = 0
  /** The instant at which the bar is over, epoch ms. */
  end = 0
  private open = 0
  private high = 0
  private low = 0
  private close = 0
  private volume = 0

  constructor(timeframe: Timeframe) {
    this.timeframe = timeframe
    this.ms = timeframeMs(timeframe)
  }

  add({ time, open, high, low, close, volume }: Candle): void {
    if (this.isOpen) {
      if (high > this.high) this.high = high
      if (low < this.low) this.low = low
      this.volume += volume
    } else {
      this.isOpen = true
      this.time = bucketStart(time, this.timeframe)
      this.end = this.time + this.ms
      this.open = open
      this.high = high
      this.low = low
      this.volume = volume
    }
    this.close = close
  }

  candle(): Candle {
    const { time, open, high, low, close, volume } = this
    return { time, open, high, low, close, volume }
  }
}
