import { eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { lockPlan, projectGrant } from './grant-repository.js'
import { type EffectivePlan, effectivePlan } from './plan-repository.js'
import { billingCustomers, stripeSubscriptions } from './schema/index.js'

export type BillingCustomer = typeof billingCustomers.$inferSelect
export type SubscriptionRow = typeof stripeSubscriptions.$inferSelect
export type FetchedSubscription = Omit<SubscriptionRow, 'createdAt' | 'fetchedAt'>

export async function customerOf(db: Db, tenantId: string): Promise<BillingCustomer | undefined> {
  const [row] = await db.select().from(billingCustomers).where(eq(billingCustomers.tenantId, tenantId))
  return row
}

export async function findCustomer(db: Db, customerId: string): Promise<BillingCustomer | undefined> {
  const [row] = await db.select().from(billingCustomers).where(eq(billingCustomers.customerId, customerId))
  return row
}

/** Remembers the tenant's customer; of two at once the first stays. Returns the one that counts. */
export async function keepCustomer(
  db: Db,
  customer: Omit<BillingCustomer, 'createdAt'>,
): Promise<BillingCustomer | undefined> {
  await db.insert(billingCustomers).values(customer).onConflictDoNothing()
  return customerOf(db, customer.tenantId)
}

/** For a customer that was deleted in Stripe: the next subscription makes a new one. */
export async function forgetCustomer(db: Db, customerId: string): Promise<void> {
  await db.delete(billingCustomers).where(eq(billingCustomers.customerId, customerId))
}

/** Newest first. */
export function subscriptionsOf(db: Db, tenantId: string): Promise<SubscriptionRow[]> {
  return db
    .select()
    .from(stripeSubscriptions)
    .where(eq(stripeSubscriptions.tenantId, tenantId))
    .orderBy(sql`${stripeSubscriptions.createdAt} desc, ${stripeSubscriptions.id}`)
}

/**
 * Writes a subscription as it was fetched, and the grant that follows from it, in one transaction under the bot's row lock.
 * Of two fetches that overlap the one that was begun later counts, whichever is written first.
 *
 * @param askedAt the database's time before the fetch was begun, epoch ms (see `databaseTime`)
 * @param grant what it entitles to now; undefined: nothing
 * @returns the plan in force; undefined: a later fetch was written already, and nothing changed
 */
export function saveSubscription(
  db: Db,
  subscription: FetchedSubscription,
  askedAt: number,
  grant: { readonly planId: string; readonly startsAt: Date; readonly endsAt: Date | null } | undefined,
): Promise<EffectivePlan | undefined> {
  const { id, tenantId } = subscription
  return db.transaction(async (tx) => {
    const now = await lockPlan(tx, tenantId)
    const fetched = { ...subscription, fetchedAt: new Date(askedAt) }
    const written = await tx
      .insert(stripeSubscriptions)
      .values(fetched)
      .onConflictDoUpdate({
        target: stripeSubscriptions.id,
        set: fetched,
        setWhere: sql`${stripeSubscriptions.fetchedAt} <= excluded.fetched_at`,
      })
      .returning({ id: stripeSubscriptions.id })
    if (written.length === 0) return undefined
    await projectGrant(tx, tenantId, id, grant, now)
    return effectivePlan(tx, tenantId)
  })
}
