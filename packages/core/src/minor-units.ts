import type { Currency, Decimal } from './money.js'

/**
 * Currencies whose smallest unit is not a hundredth. UGX and ISK have lost their hundredths, and Stripe goes on to count in them.
 *
 * @see https://docs.stripe.com/currencies#zero-decimal and #special-cases
 */
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '))

/** Digits after the point of an amount in whole minor units. Any case: Stripe writes currencies in lower case. */
export function minorDigits(currency: Currency): 0 | 2 | 3 {
  const code = currency.toUpperCase()
  return withoutDecimals.has(code) ? 0 : withThreeDecimals.has(code) ? 3 : 2
}

/** 2900n USD → "29.00", 2900n JPY → "2900", 2900n KWD → "2.900": always with all digits of the currency. */
export function minorToDecimal(amount: bigint, currency: Currency): Decimal {
  const places = minorDigits(currency)
  const sign = amount < 0n ? '-' : ''
  const digits = `${amount < 0n ? -amount : amount}`.padStart(places + 1, '0')
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/**
 * "29.5" USD → 2950n.
 *
 * @throws RangeError when the text is no decimal, or names a part of the currency's smallest unit
 */
export function decimalToMinor(amount: Decimal, currency: Currency): bigint {
  const [, sign = '', whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? []
  if (whole === undefined) throw new RangeError(`not a decimal: ${amount}`)
  const places = minorDigits(currency)
  const kept = part.slice(0, places).padEnd(places, '0')
  if (/[1-9]/.test(part.slice(places))) throw new RangeError(`${currency} has ${places} decimals: ${amount}`)
  return BigInt(`${sign}${whole}${kept}`)
}
