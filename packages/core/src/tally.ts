import { add, compare, type Decimal, subtract } from './money.js'
import { placesOf, scaled, shortText, unitsOf } from './short-decimal.js'

/**
 * An exact sum that grows, such as the profit of a day. To add to a Decimal is to read two texts and to write a third; a tally
 * is a whole number of units of 10^-places, and becomes text only when that would not be exact, or when somebody asks.
 */
export interface Tally {
  /** NaN once the sum is too long to be exact in a float64; then `text` has it. */
  units: number
  places: number
  /** Undefined: nobody has asked since the sum last changed. */
  text: Decimal | undefined
}

export function emptyTally(): Tally {
  return { units: 0, places: 0, text: '0' }
}

export function tallyOf(amount: Decimal): Tally {
  const tally = emptyTally()
  addTo(tally, amount)
  return tally
}

export function addTo(tally: Tally, amount: Decimal): void {
  if (!addUnits(tally, unitsOf(amount), placesOf(amount))) setText(tally, add(totalOf(tally), amount))
}

export function takeFrom(tally: Tally, amount: Decimal): void {
  if (!addUnits(tally, -unitsOf(amount), placesOf(amount))) setText(tally, subtract(totalOf(tally), amount))
}

export function totalOf(tally: Tally): Decimal {
  tally.text ??= shortText(tally.units, tally.places)
  return tally.text
}

/** -1, 0 or 1: as `compare` of the total and the amount. */
export function compareTotal(tally: Tally, amount: Decimal): -1 | 0 | 1 {
  const ofAmount = placesOf(amount)
  const left = withMore(tally.units, Math.max(ofAmount - tally.places, 0))
  const right = withMore(unitsOf(amount), Math.max(tally.places - ofAmount, 0))
  if (Number.isNaN(left) || Number.isNaN(right)) return compare(totalOf(tally), amount)
  return left < right ? -1 : left > right ? 1 : 0
}

/** What `compare(a, add(b, total))` would be, without making the sum. */
export function compareToTotal(a: Decimal, b: Decimal, tally: Tally): -1 | 0 | 1 {
  const ofA = placesOf(a)
  const ofB = placesOf(b)
  const places = Math.max(ofA, ofB, tally.places)
  const left = withMore(unitsOf(a), places - ofA)
  const right = withMore(unitsOf(b), places - ofB) + withMore(tally.units, places - tally.places)
  if (Number.isNaN(left) || !Number.isSafeInteger(right)) return compare(a, add(b, totalOf(tally)))
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
