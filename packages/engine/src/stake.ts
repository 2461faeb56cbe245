import { type Decimal, type Martingale, money, type StrategyConfig } from '@sath/core'
import type { Rung } from './ladder.js'

/**
 * Stake of a rung, in whole cents. `base` is the stake of level 0.
 *
 * - none: always the base; classic: base × multiplier^level, to the nearest cent;
 * - break-even: what the cycle lost / payout, so that a win ends the cycle at exactly nothing lost;
 * - target: (what the cycle lost + payout × base) / payout, so that a win at any level earns payout × base.
 *
 * The last two are rounded up, so that a win never ends below what it promises. `payout` is the profit of a win per unit
 * staked, above 0, as of now: it changes through the day. They are the only plans that use it.
 */
export function stakeFor(
  { plan, multiplier }: Martingale,
  base: Decimal,
  { level, lost }: Rung,
  payout: Decimal,
): Decimal {
  if (plan === 'none' || level === 0) return money.round(base, 2)
  if (plan === 'classic') return money.round(raised(base, multiplier, level), 2)
  const wanted = plan === 'break-even' ? lost : money.add(lost, money.multiply(base, payout))
  return money.round(money.divide(wanted, payout, 2, 'up'), 2)
}

/** Whether the plan's stakes depend on the payout. */
export function needsPayout({ plan }: Martingale): boolean {
  return plan === 'break-even' || plan === 'target'
}

/** Profit of a win per unit staked; undefined where the entry needs one and there is none. On spot it is the take-profit. */
export function payoutOf(
  { instrument, martingale, risk: { takeProfitPct } }: StrategyConfig,
  symbol: string,
  payouts: Readonly<Record<string, Decimal>>,
): Decimal | undefined {
  if (instrument === 'binary') {
    const payout = Object.hasOwn(payouts, symbol) ? payouts[symbol] : undefined
    return payout !== undefined && money.isPositive(payout) ? payout : undefined
  }
  if (!needsPayout(martingale)) return '1'
  return takeProfitPct === undefined ? undefined : money.divide(money.fromFloat(takeProfitPct), '100', 8)
}

function raised(base: Decimal, multiplier: Decimal, level: number): Decimal {
  let stake = base
  for (let step = 0; step < level; step++) stake = money.multiply(stake, multiplier)
  return stake
}
