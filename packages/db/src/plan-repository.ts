import { AppError, type Decimal, type Mode, money, type PlanLimits } from '@sath/core'
import { eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { type planSources, plans, subscriptions } from './schema/index.js'

export type PlanRow = typeof plans.$inferSelect
export type PlanSource = (typeof planSources)[number]
export type PlanEdit = {
  readonly [Name in keyof Omit<typeof plans.$inferInsert, 'id' | 'updatedAt' | 'currency'>]?:
    | (typeof plans.$inferInsert)[Name]
    | undefined
}

/** The plan that counts now. A grant that has run out is the free plan again. */
export interface EffectivePlan {
  readonly id: string
  readonly name: string
  readonly source: PlanSource
  /** ISO 8601; null: without end. */
  readonly until: string | null
  readonly limits: PlanLimits
}

/** All plans, cheapest first. */
export function listPlans(db: Db): Promise<PlanRow[]> {
  return db.select().from(plans).orderBy(plans.rank, plans.id)
}

/** @throws Error when there is no such user */
export async function effectivePlan(db: Db, tenantId: string): Promise<EffectivePlan> {
  const [row] = await db
    .select({
      plan: plans,
      source: sql<PlanSource | null>`e.source`,
      until: sql<string | null>`to_char(e.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
      grantRuns: sql<boolean>`e.until is null or e.until >= now()`,
    })
    .from(plans)
    .innerJoin(sql`effective_plans e`, sql`e.id = ${plans.id}`)
    .where(sql`e.tenant_id = ${tenantId}`)
  if (!row) throw new Error(`no plan for ${tenantId}`)
  return {
    id: row.plan.id,
    name: row.plan.name,
    source: row.grantRuns ? (row.source ?? 'default') : 'default',
    until: row.grantRuns ? row.until : null,
    limits: limitsOf(row.plan),
  }
}

/** What a plan's row allows, with amounts in their shortest form. */
export function limitsOf(row: PlanRow): PlanLimits {
  return {
    maxStrategies: row.maxStrategies,
    maxSymbols: row.maxSymbols,
    maxTradesPerDay: row.maxTradesPerDay,
    maxCapitalPerTrade: shortest(row.maxCapitalPerTrade),
    maxCapital: shortest(row.maxCapital),
    modes: row.modes.filter((mode): mode is Mode => mode === 'paper' || mode === 'live'),
    multiTimeframe: row.multiTimeframe,
    backtesting: row.backtesting,
    historyDays: row.historyDays,
    aiEnsemble: row.aiEnsemble,
    apiAccess: row.apiAccess,
    logRetentionDays: row.logRetentionDays,
    memoryMiB: row.memoryMiB,
    cpu: row.cpu,
  }
}

function shortest(amount: Decimal | null): Decimal | null {
  return amount === null ? null : money.add(amount, '0')
}

/**
 * Gives a tenant a plan. Takes the bot's row lock first, so that orders under way are counted against the old plan or the new
 * one, never against neither.
 *
 * @param grant plan: absent keeps the present one. days: the plan runs from now, or from the end of the same plan's present
 * grant, for so many days; absent: without end.
 */
export function grantPlan(
  db: Db,
  tenantId: string,
  grant: { readonly planId?: string | undefined; readonly days?: number | undefined; readonly source: PlanSource },
): Promise<EffectivePlan> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select from bots where tenant_id = ${tenantId} for update`)
    const before = await effectivePlan(tx, tenantId)
    const planId = grant.planId ?? before.id
    const [known] = await tx.select({ id: plans.id }).from(plans).where(eq(plans.id, planId))
    if (!known)
      throw new AppError('invalid-request', 'No such plan.', { errors: [{ path: 'plan', message: 'no such plan' }] })
    const start = planId === before.id && before.until ? sql`greatest(now(), ${before.until}::timestamptz)` : sql`now()`
    const until = grant.days === undefined ? null : sql`${start} + ${grant.days} * interval '1 day'`
    const values = { planId, source: grant.source, until, updatedAt: sql`now()` }
    await tx
      .insert(subscriptions)
      .values({ tenantId, ...values })
      .onConflictDoUpdate({ target: subscriptions.tenantId, set: values })
    return effectivePlan(tx, tenantId)
  })
}

/** Changes a plan under the row locks of every bot that is on it; undefined when there is no such plan. */
export function editPlan(db: Db, id: string, edit: PlanEdit): Promise<PlanRow | undefined> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select from bots where tenant_id in (select tenant_id from effective_plans where id = ${id})
      order by tenant_id for update`)
    const [row] = await tx
      .update(plans)
      .set({ ...edit, updatedAt: sql`now()` })
      .where(eq(plans.id, id))
      .returning()
    return row
  })
}
