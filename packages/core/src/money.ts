import Big from 'big.js'

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
  return Big(a).plus(b).toFixed()
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return Big(a).minus(b).toFixed()
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return Big(a).times(b).toFixed()
}

/** `a / b` rounded half-up to `places` digits. @throws RangeError when b is zero */
export function divide(a: Decimal, b: Decimal, places: number): Decimal {
  if (Big(b).eq(0)) throw new RangeError('division by zero')
  const keep = Big.DP
  try {
    Big.DP = places + 6
    return Big(a).div(b).round(places, Big.roundHalfUp).toFixed()
  } finally {
    Big.DP = keep
  }
}

/** -1, 0 or 1. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  return Big(a).cmp(b)
}

export function isPositive(a: Decimal): boolean {
  return Big(a).gt(0)
}

/** Rounded to `places` digits: `down` cuts off, `up` goes away from zero, `half-up` to the nearest. Always shows `places` digits. */
export function round(a: Decimal, places: number, mode: 'down' | 'half-up' | 'up' = 'half-up'): Decimal {
  const how = { down: Big.roundDown, 'half-up': Big.roundHalfUp, up: Big.roundUp }[mode]
  return Big(a).round(places, how).toFixed(places)
}

export function max(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b
}

/** The shortest decimal text of a finite float (a price from an indicator or a candle). @throws RangeError when not finite */
export function fromFloat(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`)
  return Big(value).toFixed()
}

/** For indicators and charts only; never for money that is computed with. */
export function toFloat(a: Decimal): number {
  return Number(a)
}

/** ISO 4217 code, or a coin's ticker of 2 to 10 capitals and digits. */
export type Currency = string

export function isCurrency(text: string): text is Currency {
  return /^[A-Z0-9]{2,10}$/.test(text)
}
