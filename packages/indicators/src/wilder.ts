/**
 * Inputs after which the seed of Wilder's smoothing, average ← (average (period − 1) + x) / period, weighs less than 1e-12
 * of the average; the seed's own inputs included.
 */
export function wilderMemory(period: number): number {
  return period + Math.ceil(Math.log(1e-12) / Math.log(Math.max(1 - 1 / period, 1e-12)))
}
