import type { OddsInput, Plan } from './odds-input.js'

/** Win rate at which a stake neither gains nor loses, of the trades that are no ties: 1 / (1 + p). */
export function breakEvenWinRate(payout: number): number {
  return 1 / (1 + payout)
}

/** Expected profit per unit staked: p w - q, with q = 1 - w - t. Without ties this is w (1 + p) - 1. */
export function edgePerUnit({ winRate, tieRate, payout }: Pick<OddsInput, 'winRate' | 'tieRate' | 'payout'>): number {
  return winRate * (1 + payout) + tieRate - 1
}

/** Stake of a level, without rounding or limits: BE (s/p)(1+1/p)^(k-1), TP s (1+1/p)^k, X2 s 2^k, and s on level 0. */
export function stakeAt(plan: Plan, stake: number, payout: number, level: number): number {
  if (level === 0 || plan === 'FLAT') return stake
  if (plan === 'X2') return stake * 2 ** level
  const growth = 1 + 1 / payout
  return plan === 'TP' ? stake * growth ** level : (stake / payout) * growth ** (level - 1)
}

/** What a bust costs: all stakes of levels 0…maxGales, without rounding or limits. */
export function costOfBust(plan: Plan, stake: number, payout: number, maxGales: number): number {
  let cost = 0
  for (let level = 0; level <= maxGales; level++) cost += stakeAt(plan, stake, payout, level)
  return cost
}

/**
 * P(at least one run of `run` losses in a row within `trades` trades): 1 - f(trades), where f(k), the probability of none in
 * k trades, is 1 for k < run and else Σ q^j w f(k-1-j) over j = 0…run-1. Without ties.
 */
export function lossRunProbability(winRate: number, run: number, trades: number): number {
  const lose = 1 - winRate
  const none: number[] = []
  for (let k = 0; k <= trades; k++) {
    let sum = k < run ? 1 : 0
    for (let j = 0; j < run && k >= run; j++) sum += lose ** j * winRate * (none[k - 1 - j] as number)
    none.push(sum)
  }
  return 1 - (none[trades] as number)
}

/**
 * Gambler's ruin: P(0 is reached before `target`) from `units`, staking one unit at payout 1 again and again:
 * ((q/w)^units - (q/w)^target) / (1 - (q/w)^target), and 1 - units / target at w = ½. Needs 0 ≤ units ≤ target, target > 0.
 */
export function gamblersRuin(winRate: number, units: number, target: number): number {
  if (winRate === 0) return units < target ? 1 : 0
  const ratio = (1 - winRate) / winRate
  if (ratio === 1) return 1 - units / target
  // In powers of what is below 1, because those of a large ratio would overflow.
  if (ratio < 1) return (ratio ** units - ratio ** target) / (1 - ratio ** target)
  return (1 - ratio ** (units - target)) / (1 - ratio ** -target)
}
