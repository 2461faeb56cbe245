import { bucketStart, type Candle, type Timeframe, timeframeMs } from '@sath/core'

export interface AggregatedCandle {
  readonly timeframe: Timeframe
  readonly candle: Candle
  /** Its first minutes were before we listened: it is not the market's bar and no strategy may decide on it. */
  readonly partial: boolean
}

export interface AggregatorCounts {
  /** The same minute as the last one: ignored. */
  readonly duplicates: number
  /** A minute before the last one: refused. */
  readonly outOfOrder: number
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
  /** Bars to build; M1 is the input and not among them. */
  readonly timeframes: readonly Exclude<Timeframe, 'M1'>[]
  /**
   * Everything the symbol had from this instant on (epoch ms) is pushed, for example because stored candles are pushed
   * first. Absent: the time of the first candle. A bar that begins before it is `partial`.
   */
  readonly completeFrom?: number
}

interface Fold {
  readonly timeframe: Timeframe
  readonly ms: number
  open: Candle | undefined
}

/** Bars of one symbol from its M1 candles, as a streaming fold: nothing but the open bars is kept. */
export function createAggregator({ timeframes, completeFrom }: AggregatorOptions): Aggregator {
  // Shortest first: a shorter bar that is open lies inside every longer one, so it ends no later.
  const folds: Fold[] = timeframes
    .map((timeframe) => ({ timeframe, ms: timeframeMs(timeframe), open: undefined }))
    .sort((a, b) => a.ms - b.ms)
  const counts = { duplicates: 0, outOfOrder: 0 }
  let knownFrom = completeFrom
  let last = Number.NEGATIVE_INFINITY

  function close(fold: Fold, closed: AggregatedCandle[]): void {
    if (!fold.open) return
    closed.push({ timeframe: fold.timeframe, candle: fold.open, partial: fold.open.time < (knownFrom ?? 0) })
    fold.open = undefined
  }

  return {
    push(candle) {
      if (candle.time === last) {
        counts.duplicates++
        return []
      }
      if (candle.time < last) {
        counts.outOfOrder++
        return []
      }
      knownFrom ??= candle.time
      last = candle.time
      const closed: AggregatedCandle[] = []
      // What a gap left open ended before this minute, so it comes before what this minute ends.
      for (const fold of folds) {
        if (fold.open && fold.open.time !== bucketStart(candle.time, fold.timeframe)) close(fold, closed)
      }
      for (const fold of folds) {
        fold.open = merge(fold.open, candle, bucketStart(candle.time, fold.timeframe))
        if (candle.time + 60_000 === fold.open.time + fold.ms) close(fold, closed)
      }
      return closed
    },
    forming: (timeframe) => folds.find((fold) => fold.timeframe === timeframe)?.open,
    counts,
  }
}

function merge(bar: Candle | undefined, minute: Candle, time: number): Candle {
  if (!bar) return { ...minute, time }
  return {
    time,
    open: bar.open,
    high: Math.max(bar.high, minute.high),
    low: Math.min(bar.low, minute.low),
    close: minute.close,
    volume: bar.volume + minute.volume,
  }
}
