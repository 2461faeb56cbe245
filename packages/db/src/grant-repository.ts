import { AppError, dayMs, type PlanGrant } from '@sath/core'
import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { type EffectivePlan, effectivePlan } from './plan-repository.js'
import { planGrants, plans } from './schema/index.js'

export type GrantRow = typeof planGrants.$inferSelect

/**
 * Takes the bot's row lock, which everything that changes or counts a tenant's plan takes first, and tells the time after it:
 * orders under way are counted against the old plan or the new one, never against neither.
 *
 * @returns epoch ms by the database's clock
 */
export async function lockPlan(tx: Db, tenantId: string): Promise<number> {
  await tx.execute(sql`select from bots where tenant_id = ${tenantId} for update`)
  return databaseTime(tx)
}

/** Epoch ms by the database's clock. */
export async function databaseTime(db: Db): Promise<number> {
  const [row] = await db.execute<{ now: number }>(
    sql`select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  )
  if (!row) throw new Error('the database does not tell the time')
  return row.now
}

/** Grants of a tenant that run or are still to come, the first to begin first. */
export function unfinishedGrants(db: Db, tenantId: string): Promise<GrantRow[]> {
  return db
    .select()
    .from(planGrants)
    .where(
      and(
        eq(planGrants.tenantId, tenantId),
        or(isNull(planGrants.endsAt), gt(planGrants.endsAt, sql`statement_timestamp()`)),
      ),
    )
    .orderBy(asc(planGrants.startsAt), asc(planGrants.id))
}

/** As the pure functions of @sath/core read it. */
export function asPlanGrant({ id, source, planId, startsAt, endsAt }: GrantRow): PlanGrant {
  return { id, source, planId, startsAt: startsAt.getTime(), endsAt: endsAt?.getTime() ?? null }
}

/**
 * An admin's plan for a tenant, in place of what admins gave before.
 *
 * @param grant planId: absent keeps the plan in force. days: from now, or from the end of the same plan's present grant, for so
 * many days; absent: without end.
 * @throws AppError invalid-request when there is no such plan
 */
export function grantPlan(
  db: Db,
  tenantId: string,
  { planId: wanted, days }: { readonly planId?: string | undefined; readonly days?: number | undefined },
): Promise<EffectivePlan> {
  return db.transaction(async (tx) => {
    const now = await lockPlan(tx, tenantId)
    const before = await effectivePlan(tx, tenantId)
    const planId = wanted ?? before.id
    await rankOf(tx, planId)
    const earlier = (await unfinishedGrants(tx, tenantId)).filter(({ source }) => source === 'admin')
    const ends = earlier.filter((grant) => grant.planId === planId).map(({ endsAt }) => endsAt?.getTime() ?? now)
    if (before.id === planId && before.until !== null) ends.push(Date.parse(before.until))
    for (const grant of earlier) await endGrant(tx, grant, now)
    await tx.insert(planGrants).values({
      tenantId,
      source: 'admin',
      planId,
      startsAt: new Date(now),
      endsAt: days === undefined ? null : after(Math.max(now, ...ends), days),
    })
    return effectivePlan(tx, tenantId)
  })
}

/**
 * Makes the grant of a Stripe subscription what it entitles to now; undefined: to nothing. Under the lock of `lockPlan`. The
 * same twice changes nothing and rings for nobody.
 */
export async function projectGrant(
  tx: Db,
  tenantId: string,
  reference: string,
  wanted: { readonly planId: string; readonly startsAt: Date; readonly endsAt: Date | null } | undefined,
  now: number,
): Promise<void> {
  const [present] = await tx
    .select()
    .from(planGrants)
    .where(and(eq(planGrants.source, 'stripe'), eq(planGrants.reference, reference)))
  if (wanted === undefined) {
    if (present && (present.endsAt === null || present.endsAt.getTime() > now)) await endGrant(tx, present, now)
    return
  }
  const { planId, endsAt } = wanted
  // Stripe's clock may be ahead of ours; what it says has begun has begun.
  const startsAt = new Date(Math.min(wanted.startsAt.getTime(), endsAt?.getTime() ?? now, now))
  if (!present) await tx.insert(planGrants).values({ tenantId, source: 'stripe', reference, planId, startsAt, endsAt })
  else if (present.planId !== planId || present.endsAt?.getTime() !== endsAt?.getTime())
    await tx.update(planGrants).set({ planId, startsAt, endsAt }).where(eq(planGrants.id, present.id))
}

/** @throws AppError invalid-request when there is no such plan */
export async function rankOf(tx: Db, planId: string): Promise<number> {
  const [plan] = await tx.select({ rank: plans.rank }).from(plans).where(eq(plans.id, planId))
  if (!plan)
    throw new AppError('invalid-request', 'No such plan.', { errors: [{ path: 'plan', message: 'no such plan' }] })
  return plan.rank
}

/** From `now` on it gives nothing; one that had not begun never does. */
export async function endGrant(tx: Db, grant: GrantRow, now: number, withdrawnMs: number | null = null): Promise<void> {
  const end = Math.min(now, grant.endsAt?.getTime() ?? now)
  await tx
    .update(planGrants)
    .set({ startsAt: new Date(Math.min(end, grant.startsAt.getTime())), endsAt: new Date(end), withdrawnMs })
    .where(eq(planGrants.id, grant.id))
}

function after(start: number, days: number): Date {
  return new Date(start + days * dayMs)
}
