import { dayMs, money } from '@sath/core'
import { type Db, keptPlan, type SubscriptionRow, subscriptionsOf } from '@sath/db'

const over: ReadonlySet<string> = new Set(['canceled', 'incomplete_expired'])

/** The tenant's newest subscription that is not over, else the newest; null: there never was one. */
export async function stripeSubscriptionView(db: Db, tenantId: string, graceDays: number) {
  const rows = await subscriptionsOf(db, tenantId)
  const row = rows.find(({ status }) => !over.has(status)) ?? rows[0]
  if (!row) return null
  const kept = await keptPlan(db, row.id)
  const { amountMinor, currency } = row
  return {
    plan: row.planId,
    cycle: row.cycle,
    status: row.status,
    amount: amountMinor === null || currency === null ? null : money.minorToDecimal(amountMinor, currency),
    currency,
    periodEnd: iso(row.periodEnd),
    cancelAt: iso(row.cancelAt),
    trialEnd: row.status === 'trialing' ? iso(row.trialEnd) : null,
    pastDueSince: row.status === 'past_due' ? iso(row.pastDueSince) : null,
    graceEnd: iso(graceEnd(row, graceDays)),
    paidPlan: kept ? { plan: kept.planId, until: kept.until.toISOString() } : null,
    invoiceUrl: row.invoiceUrl,
  }
}

function graceEnd({ status, pastDueSince }: SubscriptionRow, graceDays: number): Date | null {
  return status === 'past_due' && pastDueSince ? new Date(pastDueSince.getTime() + graceDays * dayMs) : null
}

function iso(time: Date | null): string | null {
  return time?.toISOString() ?? null
}
