import { add, compare, type Decimal, max, round, subtract } from './money.js'
import { compareToSum, type Tally, tallyOf, totalOf } from './tally.js'

export interface CapitalUse {
  /** The most that the owner may lose. */
  readonly capital: Readonly<Tally>
  /** Realised, of all trades; negative: a loss. */
  readonly profit: Readonly<Tally>
  /** Of the entry. */
  readonly stake: Decimal
  /** Everything that would be at stake, the entry included. */
  readonly exposure: Decimal
}

/**
 * Why an entry stakes more than there is, as a sentence for the owner; undefined: it does not. All that is at stake may be lost,
 * so that it never is more than the capital and what was won or lost with it.
 */
export function capitalRefusal({ capital, profit, stake, exposure }: CapitalUse): string | undefined {
  if (compareToSum(tallyOf(exposure), capital, profit) <= 0) return undefined
  const left = max(subtract(add(totalOf(capital), totalOf(profit)), subtract(exposure, stake)), '0')
  const whole = `the capital of ${round(totalOf(capital), 2)}${compare(left, totalOf(capital)) > 0 ? ' and its profit' : ''}`
  return `only ${round(left, 2, 'down')} of ${whole} is left`
}
