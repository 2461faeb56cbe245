import type { Candle } from '@sath/core'
import { checkCandle } from './refusals.js'
import { highest, lowest, push, sum, type Window, window } from './window.js'

/** State of a stochastic oscillator: plain JSON, changed in place by `nextStochastic`. */
export interface Stochastic {
  readonly highs: Window
  readonly lows: Window
  /** Raw %K, of which %K is the mean. */
  readonly raw: Window
  /** %K, of which %D is the mean. */
  readonly smooth: Window
  /** %K of the last candle, 0…100; 0 until the first. */
  k: number
}

/**
 * An oscillator over `period` candles whose raw %K is averaged over `smoothing` and whose %K over `signal` of them (all
 * integers of at least 1), that has seen nothing yet.
 */
export function stochastic(period: number, smoothing: number, signal: number): Stochastic {
  return { highs: window(period), lows: window(period), raw: window(smoothing), smooth: window(signal), k: 0 }
}

/**
 * Stochastic oscillator, 0…100: where the close lies between the lowest low and the highest high. Returns %D; %K is in the
 * state.
 *
 * Raw %K = 100 (close − lowest) / (highest − lowest); %K is its simple mean over `smoothing` candles, %D that of %K over
 * `signal` (as Stock.Indicators, TA-Lib and Tulip do; with `smoothing` 1 it is Lane's fast oscillator). No seed: %K is
 * undefined until candle `period` + `smoothing` − 1, %D for `signal` − 1 candles more. Where nothing moved over the whole
 * period, which the formula leaves open, raw %K is 50.
 *
 * @throws AppError invalid-request unless the candle's prices are finite numbers within its low and high
 * @see https://dotnet.stockindicators.dev/indicators/Stoch/
 */
export function nextStochastic(state: Stochastic, candle: Candle): number | undefined {
  checkCandle(candle)
  push(state.highs, candle.high)
  if (!push(state.lows, candle.low)) return undefined
  const low = lowest(state.lows)
  const range = highest(state.highs) - low
  const raw = range > 0 ? (100 * (candle.close - low)) / range : 50
  if (!push(state.raw, raw)) return undefined
  state.k = sum(state.raw) / state.raw.size
  return push(state.smooth, state.k) ? sum(state.smooth) / state.smooth.size : undefined
}

/** Whether %K has a value. */
export function hasK({ raw }: Stochastic): boolean {
  return raw.count === raw.size
}
