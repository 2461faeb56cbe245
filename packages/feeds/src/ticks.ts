import { type Candle, largestPrice } from '@sath/core'
import type { AggregatedCandle } from './aggregate.js'

/** One trade (or quote) of a symbol. */
export interface Tick {
  /** Epoch ms UTC, at any moment of a minute. */
  readonly time: number
  readonly price: number
  /** Base asset, at least 0; 0 where a source has no volume. */
  readonly volume: number
  /** The source's own id of the trade. Without ids nothing can be told to be a duplicate. */
  readonly id?: string | undefined
}

/** What became of the ticks that did not simply follow. */
export interface TickCounts {
  /** An id that the open minute has already: ignored. */
  readonly duplicates: number
  /** Older than another tick of the same, still open minute: taken. */
  readonly outOfOrder: number
  /** Of a minute that is already closed: refused, because a closed candle never changes. */
  readonly late: number
  /** After the clock, by more than `maxAheadMs`: refused, because it would close minutes that are not over. */
  readonly ahead: number
  /** A price or volume that is none, or a time that is not a whole number: refused. */
  readonly malformed: number
}

export interface TickAggregator {
  /**
   * Folds a tick in. Returns the minute it closed: the one before, when the tick is the first of a later one.
   *
   * Within the open minute the order of arrival does not matter: the open is the earliest tick's price and the close the
   * latest one's; of ticks with equal times, the first to arrive opens and the last to arrive closes.
   */
  push(tick: Tick): AggregatedCandle | undefined
  /** Closes the open minute if it is over at the instant `now` (epoch ms): a quiet market has no next tick to do it. */
  closeBefore(now: number): AggregatedCandle | undefined
  /** The minute that is still open; undefined when there is none. For browsers, never for strategies. */
  forming(): Candle | undefined
  readonly counts: TickCounts
}

export interface TickAggregatorOptions {
  /** Every tick from this instant on (epoch ms) is pushed. Absent: the time of the first tick. A minute before it is `partial`. */
  readonly completeFrom?: number
  /** Wall clock, epoch ms. Absent: ticks of any time are taken, as of a recording. */
  readonly now?: () => number
  /** How far a source's clock may be before ours, ms. */
  readonly maxAheadMs?: number
}

const minuteMs = 60_000

/**
 * M1 candles of one symbol from its ticks, as a streaming fold that keeps the open minute only. A minute without a tick has
 * no candle: none is ever made up.
 */
export function createTickAggregator({
  completeFrom,
  now,
  maxAheadMs = 5_000,
}: TickAggregatorOptions = {}): TickAggregator {
  const counts = { duplicates: 0, outOfOrder: 0, late: 0, ahead: 0, malformed: 0 }
  const ids = new Set<string>()
  let knownFrom = completeFrom
  let closedUntil = Number.NEGATIVE_INFINITY
  let minute: Minute | undefined

  function close(): AggregatedCandle | undefined {
    if (!minute) return undefined
    const { time, open, high, low, close, volume } = minute
    closedUntil = time + minuteMs
    minute = undefined
    ids.clear()
    return {
      timeframe: 'M1',
      candle: { time, open, high, low, close, volume },
      partial: time < (knownFrom ?? 0),
    }
  }

  function isTaken(tick: Tick): boolean {
    if (!isSound(tick)) counts.malformed++
    else if (now && tick.time > now() + maxAheadMs) counts.ahead++
    else if (tick.time < (minute?.time ?? closedUntil)) counts.late++
    else if (tick.id !== undefined && ids.has(tick.id)) counts.duplicates++
    else return true
    return false
  }

  return {
    push(tick) {
      if (!isTaken(tick)) return undefined
      knownFrom ??= tick.time
      const closed = minute && tick.time >= minute.time + minuteMs ? close() : undefined
      if (tick.id !== undefined) ids.add(tick.id)
      if (!minute) minute = begin(tick)
      else if (!extend(minute, tick)) counts.outOfOrder++
      return closed
    },
    closeBefore: (instant) => (minute && instant >= minute.time + minuteMs ? close() : undefined),
    forming() {
      if (!minute) return undefined
      const { time, open, high, low, close, volume } = minute
      return { time, open, high, low, close, volume }
    },
    counts,
  }
}

interface Minute {
  readonly time: number
  open: number
  high: number
  low: number
  close: number
  volume: number
  /** Times of its earliest and latest tick. */
  first: number
  last: number
}

function isSound({ time, price, volume }: Tick): boolean {
  const isAmount = volume >= 0 && volume < Number.POSITIVE_INFINITY
  return Number.isSafeInteger(time) && price > 0 && price <= largestPrice && isAmount
}

function begin({ time, price, volume }: Tick): Minute {
  const start = Math.floor(time / minuteMs) * minuteMs
  return { time: start, open: price, high: price, low: price, close: price, volume, first: time, last: time }
}

/** False when the tick is older than another of its minute. */
function extend(minute: Minute, { time, price, volume }: Tick): boolean {
  if (price > minute.high) minute.high = price
  if (price < minute.low) minute.low = price
  minute.volume += volume
  if (time < minute.first) {
    minute.first = time
    minute.open = price
  }
  if (time < minute.last) return false
  minute.last = time
  minute.close = price
  return true
}
