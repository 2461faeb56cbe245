import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import {
  botConfigs,
  botRuns,
  bots,
  brokerAccounts,
  credentials,
  decisions,
  jobs,
  orders,
  outbox,
  payments,
  runEvents,
  signals,
  strategyCheckpoints,
  trades,
  users,
} from './schema/index.js'

/** Whether nothing about this tenant's orders waits for an answer or an expiry. */
export async function ordersAreQuiet(db: Db, tenantId: string): Promise<boolean> {
  const [row] = await db
    .select({ n: sql<number>`count(*)::int` })
    .from(trades)
    .where(
      and(
        eq(trades.tenantId, tenantId),
        sql`(${trades.status} in ('pending', 'unknown') or (${trades.status} = 'open' and ${trades.instrument} = 'binary'))`,
      ),
    )
  return row?.n === 0
}

/** Empties the sealed keys of a tenant that is leaving; nothing can be opened from here on. Safe to repeat. */
export async function destroyKeys(db: Db, tenantId: string): Promise<void> {
  await db
    .update(credentials)
    .set({ sealed: new Uint8Array(), hint: '', label: null })
    .where(eq(credentials.tenantId, tenantId))
}

/**
 * Removes every row of a tenant that is leaving, in one transaction. The audit log stays: it is the record of what was done,
 * by id. Changes nothing for a tenant whose erasure was not asked for. Safe to repeat.
 */
export async function eraseTenant(db: Db, tenantId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [leaving] = await tx
      .select({ id: users.id, email: users.email })
      .from(users)
      .where(and(eq(users.id, tenantId), isNotNull(users.deletingAt)))
      .for('update')
    if (!leaving) return false
    // What refers to others goes first; what has no foreign key (partitioned tables) is named here or it would stay for ever.
    for (const table of [orders, trades, signals, decisions, strategyCheckpoints, runEvents, jobs] as const)
      await tx.delete(table).where(eq(table.tenantId, tenantId))
    for (const table of [botRuns, botConfigs, brokerAccounts, credentials, bots] as const)
      await tx.delete(table).where(eq(table.tenantId, tenantId))
    await tx.execute(sql`delete from metric_points where tenant_id = ${tenantId}`)
    // The ledger stays, without what may name the person; Stripe's events hold addresses.
    await tx.update(payments).set({ tenantId: null, proof: null }).where(eq(payments.tenantId, tenantId))
    await tx.execute(sql`delete from stripe_events
      where customer_id in (select customer_id from billing_customers where tenant_id = ${tenantId})`)
    await tx.delete(outbox).where(inArray(outbox.toAddress, [leaving.email]))
    await tx.delete(users).where(eq(users.id, tenantId))
    return true
  })
}
