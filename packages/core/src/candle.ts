/** One bar of prices. `time` is the OPEN time, epoch ms UTC; prices and volume are float64 and feed indicators only. */
export interface Candle {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/**
 * Largest price that anything is computed with: its square, summed over any window, is still a finite number, so that no
 * finite input makes an infinite answer.
 */
export const largestPrice = 1e100

/** Bar lengths Sath knows, shortest first. */
export const timeframes = ['M1', 'M5', 'M15', 'M30', 'H1', 'H4', 'D1'] as const
export type Timeframe = (typeof timeframes)[number]

const minutes: Record<Timeframe, number> = { M1: 1, M5: 5, M15: 15, M30: 30, H1: 60, H4: 240, D1: 1440 }

/** Length of one bar in ms. */
export function timeframeMs(timeframe: Timeframe): number {
  return minutes[timeframe] * 60_000
}

/** Open time (epoch ms) of the bar of `timeframe` that contains the instant `time`. Bars are aligned to the UTC epoch. */
export function bucketStart(time: number, timeframe: Timeframe): number {
  const ms = timeframeMs(timeframe)
  return Math.floor(time / ms) * ms
}

/** A series of candles: one symbol of one source in one timeframe. */
export interface SeriesKey {
  readonly source: string
  readonly symbol: string
  readonly timeframe: Timeframe
}

export function isTimeframe(value: string): value is Timeframe {
  return Object.hasOwn(minutes, value)
}
