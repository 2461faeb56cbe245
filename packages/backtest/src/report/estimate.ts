import type { Moments } from './moments.js'
import { normalQuantile } from './normal-quantile.js'

/** A measured value with the interval that holds the true one at the stated confidence, if the trials are independent. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Two-sided, of every interval that says nothing else. 1 = 100 %. */
export const usualConfidence = 0.95

/**
 * Share of successes with Wilson's score interval, without continuity correction; null without a trial.
 *
 * @see E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209–212
 */
export function wilson(successes: number, trials: number, confidence = usualConfidence): Estimate | null {
  if (trials === 0) return null
  const z = normalQuantile((1 + confidence) / 2)
  const value = successes / trials
  const shrink = 1 + (z * z) / trials
  const middle = (value + (z * z) / (2 * trials)) / shrink
  const half = (z / shrink) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials))
  // At the ends the formula is exactly 0 and 1; only its rounding is not.
  const low = successes === 0 ? 0 : middle - half
  return { value, low, high: successes === trials ? 1 : middle + half }
}

/**
 * Mean with Student's interval; null below two values, and where all are equal: a sample without spread does not tell
 * how far off it is.
 */
export function meanEstimate({ count, mean, squares }: Moments, confidence = usualConfidence): Estimate | null {
  if (count < 2 || squares === 0) return null
  const error = Math.sqrt(squares / (count - 1) / count)
  const half = studentQuantile((1 + confidence) / 2, count - 1) * error
  return { value: mean, low: mean - half, high: mean + half }
}

/** The same value with both bounds so many times as far from it. */
export function widened({ value, low, high }: Estimate, factor: number): Estimate {
  return { value, low: value - (value - low) * factor, high: value + (high - value) * factor }
}

/** Student's t from the normal quantile, within 0.004 from 5 degrees of freedom on, 0.001 from 10. @see Abramowitz and Stegun, 26.7.5 */
export function studentQuantile(p: number, freedom: number): number {
  const z = normalQuantile(p)
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7]
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  )
}
