import {
  capitalRefusal,
  type Decimal,
  type EntryLimit,
  money,
  type Outcome,
  type PlanLimits,
  type PlannedEntry,
  planRefusal,
  tallyOf,
} from '@sath/core'

/** What counts against an entry, read under the bot's row lock. Amounts in the account's currency. */
export interface EntryFacts {
  readonly plan: Pick<PlanLimits, EntryLimit | 'maxTradesPerDay' | 'maxCapital'>
  /** Trades, entries and manual ones, that were not refused, with a signal on the same UTC day: the plan's day is nobody's to shift. */
  readonly tradesOfUtcDay: number
  /** The same by the day of the bot's time zone. */
  readonly tradesOfDay: number
  /** Stakes of trades that are, or may be, open. */
  readonly atStake: Decimal
  /** Realised profit of all trades, entries and manual ones; negative: a loss. */
  readonly profit: Decimal
  /** Realised profit of the bot's day in which the entry would be; negative: a loss. */
  readonly profitOfDay: Decimal
}

export interface EntryRefusal {
  readonly outcome: Outcome
  readonly reason: string
}

/**
 * The limits of plan and owner, checked again where the order is written, so that no bot can get around them. Pure; undefined:
 * allowed.
 */
export function entryRefusal(wanted: PlannedEntry, facts: EntryFacts): EntryRefusal | undefined {
  const { plan, atStake } = facts
  const { config, stake } = wanted
  const refuse = (outcome: Outcome, reason: string) => ({ outcome, reason })
  const refusal = planRefusal(wanted, plan)
  if (refusal) return refuse('plan-limit', refusal.reason)
  const { maxCapital, maxTradesPerDay } = plan
  const withThis = money.add(atStake, stake)
  if (exceeds(withThis, maxCapital)) return refuse('plan-limit', `the plan allows ${maxCapital} at stake`)
  if (maxTradesPerDay !== null && facts.tradesOfUtcDay >= maxTradesPerDay) {
    return refuse('trades-per-day', `the plan allows ${maxTradesPerDay} trades a day`)
  }
  const { risk } = config
  if (risk.maxTradesPerDay !== undefined && facts.tradesOfDay >= risk.maxTradesPerDay) {
    return refuse('trades-per-day', `the bot may make ${risk.maxTradesPerDay} trades a day`)
  }
  if (exceeds(withThis, risk.maxExposure)) return refuse('exposure', `the bot may have ${risk.maxExposure} at stake`)
  const [capital, profit] = [tallyOf(config.capital), tallyOf(facts.profit)]
  const overCapital = capitalRefusal({ capital, profit, stake, exposure: withThis })
  if (overCapital) return refuse('exposure', overCapital)
  if (
    risk.maxDailyLoss !== undefined &&
    money.compare(money.subtract('0', facts.profitOfDay), risk.maxDailyLoss) >= 0
  ) {
    return refuse('daily-loss', `the bot lost ${risk.maxDailyLoss} today`)
  }
  return undefined
}

function exceeds(value: Decimal, most: Decimal | null | undefined): boolean {
  return most !== null && most !== undefined && money.compare(value, most) > 0
}
