import { type Highest, highest, nextHighest } from './highest.js'
import { checkRange } from './refusals.js'

/** State of a Donchian channel: plain JSON, changed in place by `nextDonchian`. The bands are 0 until they have values. */
export interface Donchian {
  readonly highs: Highest
  /** Of the lows with the sign turned, so that the highest is the lowest low. */
  readonly lows: Highest
  /** Highest high and lowest low of the candles before the last one. */
  upper: number
  lower: number
}

/** A channel over `period` candles (an integer of at least 1) that has seen nothing yet. */
export function donchian(period: number): Donchian {
  return { highs: highest(period), lows: highest(period), upper: 0, lower: 0 }
}

/**
 * Donchian channel: highest high and lowest low of the `period` candles before this one, and the middle between the two.
 * Returns the middle; the bands are in the state.
 *
 * The candle itself is left out, so that its close can break the channel (as the Turtles and Stock.Indicators do; Lean and
 * TradingView's plot include it). No seed: undefined until `period` candles were seen before this one.
 *
 * @throws AppError invalid-request unless the prices are finite numbers, the high not below the low
 * @see https://dotnet.stockindicators.dev/indicators/Donchian/
 */
export function nextDonchian(state: Donchian, high: number, low: number): number | undefined {
  checkRange(high, low, low)
  const { highs, lows } = state
  const full = lows.count === lows.size
  if (full) {
    state.upper = highs.best
    state.lower = -lows.best
  }
  nextHighest(highs, high)
  nextHighest(lows, -low)
  return full ? (state.upper + state.lower) / 2 : undefined
}
