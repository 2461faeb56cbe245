import { and, eq, gt, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { lockPlan, projectGrant } from './grant-repository.js'
import { type EffectivePlan, effectivePlan } from './plan-repository.js'
import { billingCustomers, planGrants, stripeSubscriptions, users } from './schema/index.js'
import { type StripePayment, saveStripePayments } from './stripe-payment-repository.js'

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

/** What a subscription gives, from and until when; `endsAt` null: without end. */
export interface ProjectedGrant {
  readonly planId: string
  readonly startsAt: Date
  readonly endsAt: Date | null
}

export interface SubscriptionGrants {
  /** Undefined: nothing. */
  readonly current: ProjectedGrant | undefined
  /** A higher plan that was paid for until the end of the period, after a downgrade. */
  readonly kept: ProjectedGrant | undefined
}

/** What names the grant of a plan that is kept until it was used up. */
export function keptReference(subscriptionId: string): string {
  return `${subscriptionId}/paid`
}

/**
 * Writes a subscription as it was fetched, the grants that follow from it and its payments, in one transaction under the bot's
 * row lock. Of two fetches that overlap the one that was begun later counts, whichever is written first.
 *
 * @param askedAt the database's time before the fetch was begun, epoch ms (see `databaseTime`)
 * @param tell what else belongs to the same transaction, once all is written
 * @returns the plan in force; undefined: a later fetch was written already, or the tenant is gone, and nothing changed
 */
export function saveSubscription(
  db: Db,
  subscription: FetchedSubscription,
  askedAt: number,
  grants: SubscriptionGrants,
  payments: readonly StripePayment[] = [],
  tell?: (tx: Db, saved: SavedSubscription) => Promise<void>,
): Promise<SavedSubscription | undefined> {
  const { id, tenantId } = subscription
  return db.transaction(async (tx) => {
    const now = await lockPlan(tx, tenantId)
    if ((await tx.$count(users, eq(users.id, tenantId))) === 0) return undefined
    const fetched = { ...subscription, fetchedAt: new Date(askedAt) }
    const before = await effectivePlan(tx, tenantId)
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
    await projectGrant(tx, tenantId, id, grants.current, now)
    await projectGrant(tx, tenantId, keptReference(id), grants.kept, now)
    await saveStripePayments(tx, tenantId, payments)
    const saved = { before, after: await effectivePlan(tx, tenantId) }
    await tell?.(tx, saved)
    return saved
  })
}

/** The plan in force before and after a fetch was written. */
export interface SavedSubscription {
  readonly before: EffectivePlan
  readonly after: EffectivePlan
}

/** A plan that a downgrade left until it is used up; undefined: none now. */
export async function keptPlan(db: Db, subscriptionId: string): Promise<{ planId: string; until: Date } | undefined> {
  const [row] = await db
    .select({ planId: planGrants.planId, until: planGrants.endsAt })
    .from(planGrants)
    .where(
      and(
        eq(planGrants.source, 'stripe'),
        eq(planGrants.reference, keptReference(subscriptionId)),
        gt(planGrants.endsAt, sql`statement_timestamp()`),
      ),
    )
  return row?.until ? { planId: row.planId, until: row.until } : undefined
}

/** Ids of all customers that we have, with or without a subscription. */
export async function knownCustomers(db: Db): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(
    sql`select customer_id as id from billing_customers union select customer_id from stripe_subscriptions order by 1`,
  )
  return rows.map(({ id }) => id)
}

/** Subscriptions that we have of a customer, for one that Stripe no longer knows. */
export function subscriptionsOfCustomer(db: Db, customerId: string): Promise<SubscriptionRow[]> {
  return db.select().from(stripeSubscriptions).where(eq(stripeSubscriptions.customerId, customerId))
}

export async function tenantExists(db: Db, tenantId: string): Promise<boolean> {
  return (await db.$count(users, eq(users.id, tenantId))) > 0
}
