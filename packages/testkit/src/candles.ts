import { type Candle, type Timeframe, timeframeMs } from '@sath/core'

export interface CandleSeries {
  /** Open time of the first, epoch ms UTC. Default 2024-01-01. */
  readonly start?: number
  /** Default M1. */
  readonly timeframe?: Timeframe
}

/** Candles that close at the given prices; each opens where the last one closed, without wicks, volume 1. */
export function candles(closes: readonly number[], series: CandleSeries = {}): Candle[] {
  const { start = Date.UTC(2024, 0, 1), timeframe = 'M1' } = series
  const step = timeframeMs(timeframe)
  return closes.map((close, index) => {
    const open = closes[index - 1] ?? close
    return {
      time: start + index * step,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1,
    }
  })
}

/**
 * A random walk with wicks, the same for the same seed. Prices stay above 0 and have two decimals.
 * Moves are up to ±1 % of the price a candle.
 */
export function walk(
  count: number,
  { seed = 1, from = 100, ...series }: CandleSeries & { seed?: number; from?: number } = {},
): Candle[] {
  const random = mulberry32(seed)
  const cents = (price: number) => Math.max(0.01, Math.round(price * 100) / 100)
  const closes = [cents(from)]
  while (closes.length < count) closes.push(cents((closes.at(-1) as number) * (1 + (random() - 0.5) / 50)))
  return candles(closes.slice(0, count), series).map((candle) => ({
    ...candle,
    high: cents(candle.high * (1 + random() / 200)),
    low: cents(candle.low * (1 - random() / 200)),
    volume: Math.round(random() * 1_000) / 100,
  }))
}

/** @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
