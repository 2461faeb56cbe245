import { checkPrice } from './refusals.js'
import { nextMean, type Window, window } from './window.js'

/** State of a simple moving average: plain JSON, changed in place by `nextSma`. */
export type Sma = Window

/** An average of `period` inputs (an integer of at least 1) that has seen nothing yet. */
export function sma(period: number): Sma {
  return window(period)
}

/**
 * Simple moving average: the mean of the last `period` inputs, summed afresh, oldest first (as Stock.Indicators does).
 *
 * It has no seed: undefined until `period` inputs were seen.
 *
 * @throws AppError invalid-request unless `x` is a finite number
 * @see https://dotnet.stockindicators.dev/indicators/Sma/
 */
export function nextSma(state: Sma, x: number): number | undefined {
  checkPrice(x)
  return nextMean(state, x)
}
