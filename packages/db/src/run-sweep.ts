import { and, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { presenceLostAfterMs } from './presence.js'
import { botRuns, bots, programs, users } from './schema/index.js'

/** Bots that ask to be looked at now, longest waiting first. */
export async function dueBots(db: Db, limit = 1_000): Promise<readonly string[]> {
  const rows = await db
    .select({ tenantId: bots.tenantId })
    .from(bots)
    .where(lte(bots.lookAt, sql`now()`))
    .orderBy(bots.lookAt)
    .limit(limit)
  return rows.map((row) => row.tenantId)
}

/** Of these runs the ones that have a row, with their tenant and epoch. */
export function knownRuns(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return Promise.resolve([])
  return db
    .select({ id: botRuns.id, tenantId: botRuns.tenantId, epoch: botRuns.epoch, phase: botRuns.phase })
    .from(botRuns)
    .where(inArray(botRuns.id, [...ids]))
}

/** The epochs of those of these tenants that have a bot. */
export async function knownTenants(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: bots.tenantId, epoch: bots.epoch })
    .from(bots)
    .where(inArray(bots.tenantId, [...ids]))
  return new Map(rows.map((row) => [row.id, row.epoch]))
}

/** Gateways that serve and were seen lately. */
export function servingGateways(db: Db) {
  return db
    .select({
      instanceId: programs.instanceId,
      node: programs.node,
      now: sql<number>`(extract(epoch from now()) * 1000)::float8`,
    })
    .from(programs)
    .where(
      and(
        eq(programs.name, 'gateway'),
        isNotNull(programs.readyAt),
        sql`${programs.seenAt} > now() - ${presenceLostAfterMs} * interval '1 millisecond'`,
      ),
    )
}

/** People whose erasure was asked for. */
export async function leavingTenants(db: Db): Promise<readonly { id: string; hasBot: boolean }[]> {
  return db
    .select({ id: users.id, hasBot: sql<boolean>`exists (select from bots b where b.tenant_id = ${users.id})` })
    .from(users)
    .where(isNotNull(users.deletingAt))
}

/** How many days of logs the plan of each of these tenants keeps; tenants that do not exist are not in the answer. */
export async function logRetentionDays(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db.execute<{ id: string; days: number }>(
    sql`select tenant_id as id, log_retention_days as days from effective_plans where ${inArray(sql`tenant_id`, [...ids])}`,
  )
  return new Map(rows.map((row) => [row.id, row.days]))
}

/** Asks for a look at a bot now, from outside of its claim. */
export async function ring(db: Db, tenantId: string): Promise<void> {
  await db.update(bots).set({ lookAt: sql`date_trunc('milliseconds', now())` }).where(eq(bots.tenantId, tenantId))
}
