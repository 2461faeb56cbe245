import { checkPrice } from './refusals.js'
import { push, squaredDeviations, sum, type Window, window } from './window.js'

/** State of a standard deviation: plain JSON, changed in place by `nextStandardDeviation`. */
export type StandardDeviation = Window

/** A deviation over `period` inputs (an integer of at least 1) that has seen nothing yet. */
export function standardDeviation(period: number): StandardDeviation {
  return window(period)
}

/**
 * Standard deviation of the last `period` inputs as a whole population: √(Σ (x − mean)² / period), both sums afresh, oldest
 * first (as Stock.Indicators, TA-Lib and Tulip do; a sample's deviation would divide by `period` − 1).
 *
 * It has no seed: undefined until `period` inputs were seen. Of inputs that are all equal it is 0 but for the rounding of
 * their mean.
 *
 * @throws AppError invalid-request unless `x` is a finite number
 * @see https://dotnet.stockindicators.dev/indicators/StdDev/
 */
export function nextStandardDeviation(state: StandardDeviation, x: number): number | undefined {
  checkPrice(x)
  if (!push(state, x)) return undefined
  const { size } = state
  return Math.sqrt(squaredDeviations(state, sum(state) / size) / size)
}
