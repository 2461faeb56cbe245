import { money } from '@sath/core'
import { limitsOf, type PlanRow } from '@sath/db'

export function planView(row: PlanRow) {
  const limits = limitsOf(row)
  return {
    ...limits,
    modes: [...limits.modes],
    id: row.id,
    name: row.name,
    priceMonth: money.add(row.priceMonth, '0'),
    priceYear: money.add(row.priceYear, '0'),
    currency: row.currency,
    trialDays: row.trialDays,
    support: row.support,
  }
}
