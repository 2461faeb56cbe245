import { type GrantSource, type StackedGrant, scheduleGrant, withdrawGrant } from '@sath/core'
import { and, eq, inArray, ne, or } from 'drizzle-orm'
import type { Db } from './client.js'
import { endGrant, rankOf } from './grant-repository.js'
import { planGrants, plans } from './schema/index.js'

/** Promo codes and payments give days, which stand in a row. */
const stacking: readonly GrantSource[] = ['promo', 'payment']

/**
 * Gives days of a plan that stand in the row of such days (see `scheduleGrant`). Under the lock of `lockPlan`.
 *
 * @throws AppError invalid-request when there is no such plan
 */
export async function stackGrant(
  tx: Db,
  tenantId: string,
  grant: {
    readonly id: string
    readonly source: 'promo' | 'payment'
    readonly planId: string
    readonly ms: number
    readonly reference: string
  },
  now: number,
): Promise<void> {
  const { ms, ...given } = grant
  const added = { id: grant.id, rank: await rankOf(tx, grant.planId), ms }
  const row = scheduleGrant({ grants: await stackOf(tx, tenantId), added, now })
  const place = row.find(({ id }) => id === grant.id)
  if (!place) throw new Error('the grant is not in its row')
  // One that was taken back and is given again is the same row.
  const times = { startsAt: new Date(place.startsAt), endsAt: new Date(place.endsAt), withdrawnMs: null }
  await tx
    .insert(planGrants)
    .values({ ...given, tenantId, ...times })
    .onConflictDoUpdate({ target: planGrants.id, set: times })
  await moveTo(
    tx,
    row.filter(({ id }) => id !== grant.id),
  )
}

/** Takes what is left of such a grant back; what stood behind it moves up. Under the lock of `lockPlan`. Safe to repeat. */
export async function unstackGrant(tx: Db, tenantId: string, id: string, now: number): Promise<void> {
  const [grant] = await tx.select().from(planGrants).where(eq(planGrants.id, id))
  if (!grant || grant.withdrawnMs !== null) return
  const { unusedMs, grants } = withdrawGrant({ grants: await stackOf(tx, tenantId), id, now })
  await endGrant(tx, grant, now, unusedMs)
  await moveTo(tx, grants)
}

async function stackOf(tx: Db, tenantId: string): Promise<StackedGrant[]> {
  const rows = await tx
    .select({ id: planGrants.id, rank: plans.rank, startsAt: planGrants.startsAt, endsAt: planGrants.endsAt })
    .from(planGrants)
    .innerJoin(plans, eq(plans.id, planGrants.planId))
    .where(and(eq(planGrants.tenantId, tenantId), inArray(planGrants.source, [...stacking])))
  return rows.flatMap(({ id, rank, startsAt, endsAt }) =>
    endsAt === null ? [] : [{ id, rank, startsAt: startsAt.getTime(), endsAt: endsAt.getTime() }],
  )
}

async function moveTo(tx: Db, grants: readonly StackedGrant[]): Promise<void> {
  for (const { id, startsAt, endsAt } of grants)
    await tx
      .update(planGrants)
      .set({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) })
      .where(
        and(
          eq(planGrants.id, id),
          or(ne(planGrants.startsAt, new Date(startsAt)), ne(planGrants.endsAt, new Date(endsAt))),
        ),
      )
}
