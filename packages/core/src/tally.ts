import { add, compare, type Decimal, subtract } from './money.js'
import { placesOf, scaled, shortText, unitsOf } from './short-decimal.js'

/**
 * An exact amount to compute with again and again, such as the profit of a day or a limit that it is compared with: a whole
 * number of units of 10^-places. To add to a Decimal is to read two texts and to write a third; a tally becomes text only when
 * its units would not be exact, or when somebody asks.
 */
export interface Tally {
  /** NaN once the amount is too long to be exact in a float64; then `text` has it. */
  units: number
  places: number
  /** Undefined: nobody has asked since it last changed. */
  text: Decimal | undefined
}

export function emptyTally(): Tally {
  return { units: 0, places: 0, text: '0' }
}

export function tallyOf(amount: Decimal): Tally {
  return { units: unitsOf(amount), places: placesOf(amount), text: amount }
}

export function addTo(tally: Tally, amount: Readonly<Tally>): void {
  if (!addUnits(tally, amount.units, amount.places)) setText(tally, add(totalOf(tally), totalOf(amount)))
}

export function takeFrom(tally: Tally, amount: Readonly<Tally>): void {
  if (!addUnits(tally, -amount.units, amount.places)) setText(tally, subtract(totalOf(tally), totalOf(amount)))
}

export function totalOf(tally: Readonly<Tally>): Decimal {
  // What is read only for others may still note how it is written.
  const noted = tally as Tally
  noted.text ??= shortText(tally.units, tally.places)
  return noted.text
}

/** -1, 0 or 1. */
export function compareTallies(a: Readonly<Tally>, b: Readonly<Tally>): -1 | 0 | 1 {
  const left = withMore(a.units, Math.max(b.places - a.places, 0))
  const right = withMore(b.units, Math.max(a.places - b.places, 0))
  if (Number.isNaN(left) || Number.isNaN(right)) return compare(totalOf(a), totalOf(b))
  return left < right ? -1 : left > right ? 1 : 0
}

/** What comparing `a` with the sum of the others would be, without making the sum: -1, 0 or 1. */
export function compareToSum(a: Readonly<Tally>, b: Readonly<Tally>, c: Readonly<Tally>): -1 | 0 | 1 {
  const places = Math.max(a.places, b.places, c.places)
  const left = withMore(a.units, places - a.places)
  const right = withMore(b.units, places - b.places) + withMore(c.units, places - c.places)
  if (Number.isNaN(left) || !Number.isSafeInteger(right)) return compare(totalOf(a), add(totalOf(b), totalOf(c)))
  return left < right ? -1 : left > right ? 1 : 0
}

/** False, and nothing changed: the sum would not be exact. */
function addUnits(tally: Tally, added: number, ofAdded: number): boolean {
  const places = Math.max(tally.places, ofAdded)
  const units = withMore(tally.units, places - tally.places) + withMore(added, places - ofAdded)
  if (!Number.isSafeInteger(units)) return false
  tally.units = units
  tally.places = places
  tally.text = undefined
  return true
}

function setText(tally: Tally, text: Decimal): void {
  tally.text = text
  tally.units = Number.NaN
}

function withMore(units: number, more: number): number {
  return more === 0 ? units : scaled(units, more)
}
