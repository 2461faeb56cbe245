import { type Highest, highest, nextHighest } from './highest.js'
import { checkRange } from './refusals.js'
import { nextMean, type Window, window } from './window.js'

/** State of a stochastic oscillator: plain JSON, changed in place by `nextStochastic`. */
export interface Stochastic {
  readonly highs: Highest
  /** Of the lows with the sign turned, so that the highest is the lowest low. */
  readonly lows: Highest
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
  return { highs: highest(period), lows: highest(period), raw: window(smoothing), smooth: window(signal), k: 0 }
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
 * @throws AppError invalid-request unless the prices are finite numbers, the close within low and high
 * @see https://dotnet.stockindicators.dev/indicators/Stoch/
 */
export function nextStochastic(state: Stochastic, high: number, low: number, close: number): number | undefined {
  checkRange(high, low, close)
  nextHighest(state.highs, high)
  if (!nextHighest(state.lows, -low)) return undefined
  const lowest = -state.lows.best
  const range = state.highs.best - lowest
  const k = nextMean(state.raw, range > 0 ? (100 * (close - lowest)) / range : 50)
  if (k === undefined) return undefined
  state.k = k
  return nextMean(state.smooth, k)
}

/** Whether %K has a value. */
export function hasK({ raw }: Stochastic): boolean {
  return raw.count === raw.size
}
