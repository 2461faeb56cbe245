import { type Decimal, type Mode, money, type PlanLimits, type PlanSource } from '@sath/core'
import { eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { plans } from './schema/index.js'

export type PlanRow = typeof plans.$inferSelect
export type PlanEdit = {
  readonly [Name in keyof Omit<typeof plans.$inferInsert, 'id' | 'updatedAt' | 'currency'>]?:
    | (typeof plans.$inferInsert)[Name]
    | undefined
}

/** The plan in force; see `entitlements`. */
export interface EffectivePlan {
  readonly id: string
  readonly name: string
  readonly source: PlanSource
  /** ISO 8601: when it may next fall; null: never by itself. */
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
      source: sql<PlanSource>`e.source`,
      until: sql<string | null>`to_char(e.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    })
    .from(plans)
    .innerJoin(sql`effective_plans e`, sql`e.id = ${plans.id}`)
    .where(sql`e.tenant_id = ${tenantId}`)
  if (!row) throw new Error(`no plan for ${tenantId}`)
  const { plan, source, until } = row
  return { id: plan.id, name: plan.name, source, until, limits: limitsOf(plan) }
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
