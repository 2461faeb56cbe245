import { entitlements } from '@sath/core'
import { asPlanGrant, type Db, limitsOf, type PlanRow, unfinishedGrants } from '@sath/db'

/**
 * The id of the plan that a tenant has at a moment if Stripe gives this one then: what was given in other ways may be more.
 *
 * @param at epoch ms
 */
export async function planAfter(
  db: Db,
  plans: readonly PlanRow[],
  tenantId: string,
  planId: string,
  at: number,
): Promise<string> {
  const others = (await unfinishedGrants(db, tenantId)).filter(({ source }) => source !== 'stripe')
  const wished = { id: '', source: 'stripe', planId, startsAt: at, endsAt: null } as const
  return entitlements({
    plans: plans.map((plan) => ({ id: plan.id, rank: plan.rank, limits: limitsOf(plan) })),
    grants: [...others.map(asPlanGrant), wished],
    now: at,
  }).id
}
