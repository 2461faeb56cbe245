import type { Period } from './billing-period.js'

/**
 * The share of an amount for the time from `at` to the end of the period, to the second, in whole minor units;
 * a half is rounded away from zero.
 *
 * @see https://docs.stripe.com/billing/subscriptions/prorations
 */
export function prorated(amount: number, { start, end }: Period, at: number): number {
  const left = end - Math.min(Math.max(at, start), end)
  return Number(roundedQuotient(BigInt(amount) * BigInt(left), BigInt(end - start)))
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const magnitude = ((dividend < 0n ? -dividend : dividend) * 2n + divisor) / (divisor * 2n)
  return dividend < 0n ? -magnitude : magnitude
}
