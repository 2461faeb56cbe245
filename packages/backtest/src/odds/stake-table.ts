import type { OddsInput } from './odds-input.js'

/** The money of one cycle by level, 0…maxGales. Written in place, because a stake that follows the balance changes it often. */
export interface StakeTable {
  readonly stake: Float64Array
  /** What the cycle lost before the level; one more at its end: what a bust costs. */
  readonly lost: Float64Array
  /** What the cycle earns when it is won at the level, 0 or below where the plan only breaks even or was capped. */
  readonly won: Float64Array
}

export function stakeTable({ maxGales }: OddsInput): StakeTable {
  const levels = maxGales + 1
  return { stake: new Float64Array(levels), lost: new Float64Array(levels + 1), won: new Float64Array(levels) }
}

/** Stake of level 0 as a cycle begins on a balance. */
export function baseStake(input: OddsInput, balance: number): number {
  const { stake } = input
  return allowed(input, typeof stake === 'number' ? stake : stake.fraction * balance, nearestCent)
}

/** Fills the table with the stakes that follow from the base one. */
export function fillStakes({ stake, lost, won }: StakeTable, input: OddsInput, base: number): void {
  let before = 0
  for (let level = 0; level < stake.length; level++) {
    const now = level === 0 ? base : gale(input, base, level, before)
    stake[level] = now
    lost[level] = before
    won[level] = earned(input.payout * now, before)
    before = input.rounding === 'cents' ? Math.round((before + now) * 100) / 100 : before + now
  }
  lost[stake.length] = before
}

function gale(input: OddsInput, base: number, level: number, lost: number): number {
  switch (input.plan) {
    case 'FLAT':
      return base
    case 'X2':
      return allowed(input, base * 2 ** level, nearestCent)
    case 'BE':
      return allowed(input, lost / input.payout, centsUp)
    case 'TP':
      return allowed(input, lost / input.payout + base, centsUp)
  }
}

/** The stake a broker takes in place of the wanted one: rounded, then brought between the smallest and the largest. */
function allowed(
  { rounding, minStake = 0, maxStake = Infinity }: OddsInput,
  wanted: number,
  toCents: (amount: number) => number,
): number {
  const stake = rounding === 'cents' ? toCents(wanted) : wanted
  return Math.min(Math.max(stake, minStake), maxStake)
}

/** The last bits of a quotient are noise: what they alone lift above a whole cent is that cent. */
const bits = 2 ** -50

function centsUp(amount: number): number {
  return Math.ceil(amount * 100 * (1 - bits)) / 100
}

/** Halves go up. */
function nearestCent(amount: number): number {
  return Math.floor(amount * 100 * (1 + bits) + 0.5) / 100
}

/** Gain less loss; exactly 0 where only the last bits differ, as they do when a win breaks even. */
function earned(gain: number, lost: number): number {
  const net = gain - lost
  return Math.abs(net) < lost * bits ? 0 : net
}

/** Whether a balance pays for the base stake, and there is something to stake. */
export function canBegin(input: OddsInput, balance: number): boolean {
  const stake = baseStake(input, balance)
  const slack = tolerance(input)
  return balance >= stake - slack && stake > slack
}

/** Amounts nearer to each other than this count as equal, so that the noise of sums decides nothing. */
export function tolerance({ capital }: OddsInput): number {
  return capital * 2 ** -38
}
