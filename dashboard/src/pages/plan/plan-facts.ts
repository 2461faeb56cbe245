import type { BillingCycle, Plan } from '../../api/types.js'
import { add, compare, formatDecimal, multiply, parseDecimal } from '../../money/decimal.js'
import { money, number, words } from '../../parts/format.js'

/** A line of what a plan allows. */
export type PlanFact = readonly [name: string, value: string]

/** What a plan lets a bot do, line by line, the same lines for every plan. */
export function tradingFacts(plan: Plan): readonly PlanFact[] {
  const amount = (limit: string | null) => (limit === null ? 'Unlimited' : money(limit, plan.currency))
  return [
    ['Strategies', count(plan.maxStrategies)],
    ['Symbols', count(plan.maxSymbols)],
    ['Trades a day', count(plan.maxTradesPerDay)],
    ['Stake of one trade', amount(plan.maxCapitalPerTrade)],
    ['Capital', amount(plan.maxCapital)],
    ['Trading', plan.modes.includes('live') ? 'Paper; live once it opens' : 'Paper'],
  ]
}

/** The same, and all else that it has. Not what nothing in Sath uses yet: an ensemble by AI. */
export function planFacts(plan: Plan): readonly PlanFact[] {
  return [
    ...tradingFacts(plan),
    ['Trend filter on a second timeframe', yesNo(plan.multiTimeframe)],
    ['Back-tests', backtests(plan)],
    ['API access', yesNo(plan.apiAccess)],
    ['Logs kept', `${plan.logRetentionDays} days`],
    ['Support', words(plan.support)],
    ['Bot', `${plan.memoryMiB} MiB, ${number(plan.cpu, 2)} CPU`],
  ]
}

function count(limit: number | null): string {
  return limit === null ? 'Unlimited' : number(limit, 0)
}

function yesNo(has: boolean): string {
  return has ? 'Yes' : 'No'
}

function backtests({ backtesting, historyDays }: Plan): string {
  if (!backtesting) return 'No'
  return historyDays === null ? 'All history' : `${number(historyDays, 0)} days back`
}

/** Of one period, as an exact decimal. */
export function priceOf(plan: Plan, cycle: BillingCycle): string {
  return cycle === 'monthly' ? plan.priceMonth : plan.priceYear
}

export function isFree(plan: Plan): boolean {
  return [plan.priceMonth, plan.priceYear].every((price) => !/[1-9]/.test(price))
}

/** What a year paid at once saves against twelve months; undefined when it saves nothing. */
export function yearlySaving({ priceMonth, priceYear }: Plan): string | undefined {
  const [month, year] = [parseDecimal(priceMonth), parseDecimal(priceYear)]
  if (!month || !year) return undefined
  const saving = add(multiply(month, { units: 12n, scale: 0 }), { units: -year.units, scale: year.scale })
  return compare(saving, { units: 0n, scale: 0 }) > 0 ? formatDecimal(saving) : undefined
}

export const cycleTitles: Readonly<Record<BillingCycle, string>> = {
  monthly: 'By the month',
  yearly: 'By the year',
}
export const periods: Readonly<Record<BillingCycle, string>> = { monthly: 'a month', yearly: 'a year' }

/** The name people know a plan by. */
export function planName(plans: readonly Plan[], id: string | null): string {
  return plans.find((plan) => plan.id === id)?.name ?? id ?? 'another plan'
}
