/**
 * Exact arithmetic of short decimals as whole numbers of units of 10^-places, within the integers a float64 holds exactly.
 * It is many times as fast as a library for numbers of any length, and says so (NaN, undefined) where it is not exact.
 */

/** Longest text without its sign; its units are exact whatever they are. */
const longest = 15
const zero = 48
const nine = 57

/** 10^n for n from 0 to 30; exact up to 22, beyond which no product with it is within bounds unless it is 0. */
const powers = Array.from({ length: 31 }, (_, n) => Number(`1e${n}`))

/** Digits after the point. */
export function placesOf(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

/** The digits as one whole number, its point left out: -1250 of "-12.50". NaN for anything long or not a plain decimal. */
export function unitsOf(text: string): number {
  const from = text.charCodeAt(0) === 45 ? 1 : 0
  if (text.length - from > longest) return Number.NaN
  let units = 0
  let digits = 0
  let points = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= zero && code <= nine) {
      units = units * 10 + code - zero
      digits++
    } else if (code === 46) points++
    else return Number.NaN
  }
  if (digits === 0 || points > 1) return Number.NaN
  return from === 1 ? -units : units
}

/** `units` with `by` more places. NaN when that is not exact. */
export function scaled(units: number, by: number): number {
  const more = units * (powers[by] ?? Number.NaN)
  return Number.isSafeInteger(more) ? more : Number.NaN
}

export type Rounding = 'down' | 'half-up' | 'up'

/** `n / d` as a whole number: `down` cuts off, `up` goes away from zero, `half-up` to the nearest. Both safe, `d` not 0. */
export function quotient(n: number, d: number, rounding: Rounding): number {
  const rest = n % d
  const cut = (n - rest) / d
  const goesOn = rounding === 'up' ? rest !== 0 : rounding === 'half-up' && 2 * Math.abs(rest) >= Math.abs(d)
  return goesOn ? cut + (Math.sign(n) === Math.sign(d) ? 1 : -1) : cut
}

/** The shortest text of units that are exact. */
export function shortText(units: number, places: number): string {
  let rest = units
  let left = places
  while (left > 0 && rest % 10 === 0) {
    rest /= 10
    left--
  }
  return fixedText(rest, left)
}

/** The text of units that are exact, with all its places. */
export function fixedText(units: number, places: number): string {
  if (places === 0) return `${units}`
  const one = powers[places] ?? Number.NaN
  const digits = Math.abs(units)
  const whole = Math.floor(digits / one)
  const rest = `${digits - whole * one}`
  const part = rest.length === places ? rest : rest.padStart(places, '0')
  return units < 0 ? `-${whole}.${part}` : `${whole}.${part}`
}
