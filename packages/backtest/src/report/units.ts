import type { Decimal } from '@sath/core'

const places = 18

/** An amount as a whole number of 10⁻¹⁸ units: sums of many are exact and cheaper than decimal text. @throws RangeError */
export function toUnits(amount: Decimal): bigint {
  const point = amount.indexOf('.')
  const whole = point < 0 ? amount : amount.slice(0, point)
  const fraction = point < 0 ? '' : amount.slice(point + 1)
  if (fraction.length > places) throw new RangeError(`${amount} has more than ${places} digits after the point`)
  return BigInt(whole + fraction.padEnd(places, '0'))
}

/** The same amount as decimal text with at least two digits after the point. */
export function fromUnits(units: bigint): Decimal {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '').padEnd(2, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -places)}.${fraction}`
}

/** For statistics only; never for money that is added up. */
export function unitsToFloat(units: bigint): number {
  return Number(units) / 1e18
}
