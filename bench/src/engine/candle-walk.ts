import type { Candle } from '@sath/core'

const pointsPerUnit = 100_000
const stepsPerCandle = 8

/** A walk that goes on for ever, so many candles at a time. */
export function candleWalk(seed: number, barMs: number): (count: number) => Candle[] {
  const walk = steps(seed, barMs)
  return (count) => Array.from({ length: count }, walk)
}

/**
 * Candles of a seeded random walk around 1.1, in steps of a hundred-thousandth: the same for the same seed.
 * Rounding to the step leaves ties and small bodies in it, as real quotes have them.
 */
function steps(seed: number, barMs: number): () => Candle {
  const random = xorshift(seed)
  const middle = 1.1 * pointsPerUnit
  let price = middle
  let time = Date.UTC(2020, 0, 1) - barMs
  return () => {
    time += barMs
    const open = price
    let high = price
    let low = price
    for (let step = 0; step < stepsPerCandle; step++) {
      price = Math.round(price + (random() + random() - 1) * 8 + (middle - price) / 50_000)
      high = Math.max(high, price)
      low = Math.min(low, price)
    }
    return {
      time,
      open: open / pointsPerUnit,
      high: high / pointsPerUnit,
      low: low / pointsPerUnit,
      close: price / pointsPerUnit,
      volume: stepsPerCandle,
    }
  }
}

/** Uniform in [0, 1). @see G. Marsaglia, Xorshift RNGs, 2003 */
function xorshift(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}
