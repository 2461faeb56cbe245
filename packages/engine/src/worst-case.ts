import { type Decimal, money, type StrategyConfig } from '@sath/core'
import { highestLevel } from './ladder.js'
import { stakeFor } from './stake.js'

export interface WorstCase {
  /** Stakes from level 0 to the highest, each after losing all before it. */
  readonly levels: readonly Decimal[]
  /** Most that one symbol can have at stake at once: the highest stake, for a dual ladder that of both together. */
  readonly total: Decimal
}

/**
 * What a strategy's ladder may come to stake on one symbol. `payout` (profit per unit staked) matters to the plans
 * break-even and target only, where it is not known before the order: 0.80 is a cautious guess, and a lower one would make
 * higher stakes.
 */
export function worstCase({ stake, martingale }: StrategyConfig, payout: Decimal = '0.80'): WorstCase {
  const levels: Decimal[] = []
  let lost: Decimal = '0'
  for (let level = 0; level <= highestLevel(martingale); level++) {
    const next = stakeFor(martingale, stake, { level, lost }, payout)
    levels.push(next)
    lost = money.add(lost, next)
  }
  const highest = levels.reduce(money.max)
  return { levels, total: martingale.ladder === 'dual' ? money.round(money.add(highest, highest), 2) : highest }
}
