import { eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { mailedFacts, plans, stripeSubscriptions, users } from './schema/index.js'
import type { SubscriptionRow } from './stripe-repository.js'

/** A trial that ends soon and goes over into a paid subscription, whose owner was not told so yet. */
export interface EndingTrial {
  readonly tenantId: string
  readonly planName: string
  readonly endsAt: Date
  readonly subscription: Pick<SubscriptionRow, 'amountMinor' | 'currency' | 'cycle'>
  /** What is noted once it was told; a trial that is prolonged is told of again. */
  readonly fact: string
}

/** The first to end first. A subscription that was cancelled is left out: its grant ends, and is warned of as such. */
export function trialsEndingWithin(db: Db, days: number, limit = 100): Promise<EndingTrial[]> {
  const { trialEnd, ...s } = stripeSubscriptions
  const fact = sql<string>`'trial-ending/' || ${s.id} || '/' || to_char(${trialEnd} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')`
  return db
    .select({
      tenantId: s.tenantId,
      planName: plans.name,
      endsAt: sql<Date>`${trialEnd}`.mapWith(trialEnd),
      subscription: { amountMinor: s.amountMinor, currency: s.currency, cycle: s.cycle },
      fact,
    })
    .from(stripeSubscriptions)
    .innerJoin(plans, eq(plans.id, s.planId))
    .innerJoin(users, sql`${users.id} = ${s.tenantId} and ${users.isActive} and ${users.deletingAt} is null`)
    .where(
      sql`${s.status} = 'trialing' and ${s.cancelAt} is null and not ${s.cancelAtPeriodEnd}
        and ${trialEnd} > statement_timestamp() and ${trialEnd} <= statement_timestamp() + ${days} * interval '1 day'
        and not exists (select from ${mailedFacts} m where m.tenant_id = ${s.tenantId} and m.fact = ${fact})`,
    )
    .orderBy(trialEnd, s.id)
    .limit(limit)
}
