import { usualConfidence } from '../report/estimate.js'
import { normalQuantile } from '../report/normal-quantile.js'

const steps = 20_000

/**
 * Expected largest of `count` independent standard normal values, within 0.001: the mean of its quantile function, which is
 * the normal one at the `count`-th root.
 *
 * @see H. L. Harter, Expected values of normal order statistics, Biometrika 48 (1961), 151–165
 */
export function expectedMaximum(count: number): number {
  let sum = 0
  for (let step = 0; step < steps; step++) sum += normalQuantile(((step + 0.5) / steps) ** (1 / count))
  return sum / steps
}

/** Win rate that the best of `variants` shows on average by luck alone, if each truly won `winRate` of `trades` trades. */
export function luckyWinRate(winRate: number, trades: number, variants: number): number {
  const error = Math.sqrt((winRate * (1 - winRate)) / trades)
  return Math.min(1, winRate + error * expectedMaximum(variants))
}

/**
 * Confidence at which each of `tries` intervals must be taken, so that with 95 % all of them hold what they should.
 *
 * @see Z. Šidák, Journal of the American Statistical Association 62 (1967), 626–633
 */
export function sidakConfidence(tries: number): number {
  return usualConfidence ** (1 / tries)
}
