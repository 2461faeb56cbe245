import { nextStandardDeviation, type StandardDeviation, standardDeviation } from './standard-deviation.js'

/** State of Bollinger bands: plain JSON, changed in place by `nextBollinger`. The bands are 0 until they have values. */
export interface Bollinger {
  /** Distance of the bands from the middle, in standard deviations. */
  readonly deviations: number
  readonly deviation: StandardDeviation
  upper: number
  lower: number
}

/** Bands around `period` prices (an integer of at least 1), `deviations` (above 0) wide, that have seen nothing yet. */
export function bollinger(period: number, deviations: number): Bollinger {
  return { deviations, deviation: standardDeviation(period), upper: 0, lower: 0 }
}

/**
 * Bollinger bands: the mean of the last `period` prices, and as many standard deviations above and below it as told.
 * Returns the mean; the bands are in the state.
 *
 * The deviation is that of a whole population (divided by `period`, as Bollinger, Stock.Indicators, TA-Lib and Lean do;
 * @junduck/trading-indi divides by one less); mean and deviation are summed afresh over each window, oldest first. No seed:
 * undefined until `period` prices were seen. Prices that do not move have bands on the mean, but for its rounding.
 *
 * @throws AppError invalid-request unless `price` is a finite number
 * @see https://dotnet.stockindicators.dev/indicators/BollingerBands/
 */
export function nextBollinger(state: Bollinger, price: number): number | undefined {
  const deviation = nextStandardDeviation(state.deviation, price)
  if (deviation === undefined) return undefined
  const { mean } = state.deviation
  const width = state.deviations * deviation
  state.upper = mean + width
  state.lower = mean - width
  return mean
}
