import Big from 'big.js'
import { fixedText, placesOf, quotient, type Rounding, scaled, shortText, unitsOf } from './short-decimal.js'

export { decimalToMinor, minorDigits, minorToDecimal } from './minor-units.js'

/**
 * An exact decimal number as text, for example "12.50". Money, prices and sizes on orders are Decimals from end to end;
 * float64 is for indicators only. Currency travels beside it.
 */
export type Decimal = string

const shape = /^-?(0|[1-9]\d{0,17})(\.\d{1,18})?$/

/** Whether the text is a plain decimal: no exponent, no leading zeros, at most 18 digits on either side of the point. */
export function isDecimal(text: string): text is Decimal {
  return shape.test(text)
}

export function add(a: Decimal, b: Decimal): Decimal {
  const ofA = placesOf(a)
  const ofB = placesOf(b)
  const places = Math.max(ofA, ofB)
  const sum = withMore(a, places - ofA) + withMore(b, places - ofB)
  return Number.isSafeInteger(sum) ? shortText(sum, places) : Big(a).plus(b).toFixed()
}

/** "0" of none. */
export function sum(amounts: readonly Decimal[]): Decimal {
  let places = 0
  for (const amount of amounts) places = Math.max(places, placesOf(amount))
  let units = 0
  for (const amount of amounts) units += withMore(amount, places - placesOf(amount))
  return Number.isSafeInteger(units) ? shortText(units, places) : amounts.reduce(add, '0')
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const ofA = placesOf(a)
  const ofB = placesOf(b)
  const places = Math.max(ofA, ofB)
  const difference = withMore(a, places - ofA) - withMore(b, places - ofB)
  return Number.isSafeInteger(difference) ? shortText(difference, places) : Big(a).minus(b).toFixed()
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  const product = unitsOf(a) * unitsOf(b)
  return Number.isSafeInteger(product) ? shortText(product, placesOf(a) + placesOf(b)) : Big(a).times(b).toFixed()
}

/**
 * `a / b` rounded to `places` digits: `down` cuts off, `up` goes away from zero, `half-up` to the nearest.
 *
 * @throws RangeError when b is zero
 */
export function divide(a: Decimal, b: Decimal, places: number, mode: Rounding = 'half-up'): Decimal {
  const shift = places + placesOf(b) - placesOf(a)
  const n = scaled(unitsOf(a), Math.max(shift, 0))
  const d = scaled(unitsOf(b), Math.max(-shift, 0))
  if (d === 0) throw new RangeError('division by zero')
  return Number.isNaN(n) || Number.isNaN(d) ? longDivide(a, b, places, mode) : shortText(quotient(n, d, mode), places)
}

/** -1, 0 or 1. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const ofA = placesOf(a)
  const ofB = placesOf(b)
  const left = withMore(a, Math.max(ofB - ofA, 0))
  const right = withMore(b, Math.max(ofA - ofB, 0))
  if (Number.isNaN(left) || Number.isNaN(right)) return Big(a).cmp(b)
  return left < right ? -1 : left > right ? 1 : 0
}

export function isPositive(a: Decimal): boolean {
  const units = unitsOf(a)
  return Number.isNaN(units) ? Big(a).gt(0) : units > 0
}

/** Rounded to `places` digits. Always shows `places` digits. */
export function round(a: Decimal, places: number, mode: Rounding = 'half-up'): Decimal {
  const more = places - placesOf(a)
  const units = unitsOf(a)
  const rounded = more >= 0 ? scaled(units, more) : quotient(units, scaled(1, -more), mode)
  return Number.isNaN(rounded) ? Big(a).round(places, bigRounding[mode]).toFixed(places) : fixedText(rounded, places)
}

export function max(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b
}

/** The shortest decimal text of a finite float (a price from an indicator or a candle). @throws RangeError when not finite */
export function fromFloat(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`)
  const text = `${value}`
  return text.includes('e') ? Big(value).toFixed() : text
}

/** For indicators and charts only; never for money that is computed with. */
export function toFloat(a: Decimal): number {
  const units = unitsOf(a)
  // Of two numbers that are exact, the quotient is the float nearest to the text, as `Number` would have it.
  return Number.isNaN(units) ? Number(a) : units / scaled(1, placesOf(a))
}

/** ISO 4217 code, or a coin's ticker of 2 to 10 capitals and digits. */
export type Currency = string

/** Units of the text with `more` places than it shows. NaN when that is not exact. */
function withMore(text: Decimal, more: number): number {
  return more === 0 ? unitsOf(text) : scaled(unitsOf(text), more)
}

const bigRounding: Readonly<Record<Rounding, Big.RoundingMode>> = {
  down: Big.roundDown,
  'half-up': Big.roundHalfUp,
  up: Big.roundUp,
}

/** What is cut off decides whether to round up, so enough of it is kept: one digit tells half, whether all was kept tells any. */
function longDivide(a: Decimal, b: Decimal, places: number, mode: Rounding): Decimal {
  if (Big(b).eq(0)) throw new RangeError('division by zero')
  const [digits, how] = [Big.DP, Big.RM]
  try {
    Big.DP = places + 1
    Big.RM = Big.roundDown
    const cut = Big(a).div(b)
    if (mode !== 'up' || cut.times(b).eq(a)) return cut.round(places, bigRounding[mode]).toFixed()
    const step = Big(`1e-${places}`)
    const sign = Big(a).s === Big(b).s ? 1 : -1
    return cut.round(places, Big.roundDown).plus(step.times(sign)).toFixed()
  } finally {
    Big.DP = digits
    Big.RM = how
  }
}
