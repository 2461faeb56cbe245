import type { Candle } from '@sath/core'
import { checkCandle } from './refusals.js'
import { highest, lowest, push, type Window, window } from './window.js'

/** State of a Donchian channel: plain JSON, changed in place by `nextDonchian`. The bands are 0 until they have values. */
export interface Donchian {
  readonly highs: Window
  readonly lows: Window
  /** Highest high and lowest low of the candles before the last one. */
  upper: number
  lower: number
}

/** A channel over `period` candles (an integer of at least 1) that has seen nothing yet. */
export function donchian(period: number): Donchian {
  return { highs: window(period), lows: window(period), upper: 0, lower: 0 }
}

/**
 * Donchian channel: highest high and lowest low of the `period` candles before this one, and the middle between the two.
 * Returns the middle; the bands are in the state.
 *
 * The candle itself is left out, so that its close can break the channel (as the Turtles and Stock.Indicators do; Lean and
 * TradingView's plot include it). No seed: undefined until `period` candles were seen before this one.
 *
 * @throws AppError invalid-request unless the candle's prices are finite numbers within its low and high
 * @see https://dotnet.stockindicators.dev/indicators/Donchian/
 */
export function nextDonchian(state: Donchian, candle: Candle): number | undefined {
  checkCandle(candle)
  const { highs, lows } = state
  const full = lows.count === lows.size
  if (full) {
    state.upper = highest(highs)
    state.lower = lowest(lows)
  }
  push(highs, candle.high)
  push(lows, candle.low)
  return full ? (state.upper + state.lower) / 2 : undefined
}
