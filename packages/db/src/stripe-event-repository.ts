import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { nowAsStored } from './schema/columns.js'
import { stripeEvents, type stripeOutcomes } from './schema/index.js'

export type StripeEventRow = typeof stripeEvents.$inferSelect
export type StripeOutcome = (typeof stripeOutcomes)[number]
/** An event as it came; `json` is its whole body. */
export type NewStripeEvent = Pick<StripeEventRow, 'id' | 'type' | 'livemode' | 'apiVersion' | 'customerId'> & {
  readonly json: string
  /** Nothing follows from it, so nobody is to look at it; absent: it waits. */
  readonly outcome?: 'ignored' | 'other-livemode' | undefined
}

/** Keeps events, each once by its id, and rings `sath_stripe` when a new one waits. Returns the ids of those that were new. */
export async function storeStripeEvents(db: Db, events: readonly NewStripeEvent[]): Promise<Set<string>> {
  const facts = events.map(({ json: _, ...told }) => told)
  // Two parameters, so that the statement is the same for any number and is prepared once. The bodies go as they came.
  const rows = await db.execute<{ id: string }>(sql`
    with stored as (
      insert into stripe_events (id, type, livemode, api_version, customer_id, outcome, processed_at, body)
      select id, type, livemode, api_version, customer_id, outcome, case when outcome is not null then now() end, body
      from rows from (
        json_to_recordset(${JSON.stringify(facts)}::json)
          as (id text, type text, livemode boolean, "apiVersion" text, "customerId" text, outcome text),
        string_to_table(${events.map(({ json }) => json).join(betweenBodies)}, ${betweenBodies})
      ) as event(id, type, livemode, api_version, customer_id, outcome, body)
      on conflict do nothing
      returning id, outcome
    )
    select id, case when outcome is null then pg_notify('sath_stripe', '') end from stored`)
  return new Set(rows.map(({ id }) => id))
}

/** The record separator. JSON has every control character escaped, so no body holds one. */
const betweenBodies = '\u001e'

/** The type of our own wish among Stripe's events: a customer whose user is leaving is to be deleted there. */
export const leavingType = 'sath.user.leaving'

/**
 * Wishes that Stripe forgets a leaving user's customer, which ends its subscriptions: nobody pays on for an account that is
 * gone. The row names no customer of the table, so it outlives the user's erasure. Safe to repeat.
 */
export async function wishCustomerGone(tx: Db, tenantId: string): Promise<void> {
  await tx.execute(sql`
    with wished as (
      insert into stripe_events (id, type, livemode, body)
      select ${`leaving_${tenantId}`}, ${leavingType}, livemode, json_build_object('customer', customer_id)::text
      from billing_customers where tenant_id = ${tenantId}
      on conflict do nothing returning id
    )
    select pg_notify('sath_stripe', '') from wished`)
}

/** Events of one customer, taken together: one look at Stripe answers all of them. */
export interface ClaimedEvents {
  /** Every later write says it; one that has been taken over meanwhile changes nothing. */
  readonly token: string
  /** Null: an event that names no customer, alone. */
  readonly customerId: string | null
  /** In the order in which they came. */
  readonly events: readonly StripeEventRow[]
}

/**
 * Takes what waits of the customer whose event is the oldest that is due. A customer whose events somebody works on is left to
 * them, so that no two look at Stripe for the same one at once.
 */
export function claimStripeEvents(
  db: Db,
  { owner, seconds, most = 100 }: { readonly owner: string; readonly seconds: number; readonly most?: number },
): Promise<ClaimedEvents | undefined> {
  const token = randomUUID()
  return db.transaction(async (tx) => {
    // One chooses at a time: rows that are locked one by one could not tell that their customer was just chosen.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('sath:stripe-events', 0))`)
    const [first] = await tx
      .select({ id: stripeEvents.id, customerId: stripeEvents.customerId })
      .from(stripeEvents)
      .where(
        and(
          isDue,
          sql`not exists (select from stripe_events busy where busy.customer_id = ${stripeEvents.customerId}
        and busy.processed_at is null and busy.claim_until >= now())`,
        ),
      )
      .orderBy(asc(stripeEvents.receivedAt), asc(stripeEvents.id))
      .limit(1)
    if (!first) return undefined
    const { id, customerId } = first
    const together = tx
      .select({ id: stripeEvents.id })
      .from(stripeEvents)
      .where(and(isDue, customerId === null ? eq(stripeEvents.id, id) : eq(stripeEvents.customerId, customerId)))
      .orderBy(asc(stripeEvents.receivedAt), asc(stripeEvents.id))
      .limit(most)
    const events = await tx
      .update(stripeEvents)
      .set({
        claimOwner: owner,
        claimToken: token,
        claimUntil: sql`now() + make_interval(secs => ${seconds})`,
        attempts: sql`${stripeEvents.attempts} + 1`,
      })
      .where(sql`${stripeEvents.id} in ${together}`)
      .returning()
    events.sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime() || (a.id < b.id ? -1 : 1))
    return { token, customerId, events }
  })
}

const isDue = and(
  isNull(stripeEvents.processedAt),
  lte(stripeEvents.nextAttemptAt, nowAsStored),
  sql`(${stripeEvents.claimUntil} is null or ${stripeEvents.claimUntil} < now())`,
)
const noClaim = { claimOwner: null, claimToken: null, claimUntil: null }

/** Ends events of a claim. False: the claim was lost and nothing was written. */
export async function finishStripeEvents(
  db: Db,
  token: string,
  ids: readonly string[],
  outcome: StripeOutcome,
  error: string | null = null,
): Promise<boolean> {
  const rows = await db
    .update(stripeEvents)
    .set({ ...noClaim, processedAt: sql`now()`, outcome, error })
    .where(and(eq(stripeEvents.claimToken, token), inArray(stripeEvents.id, [...ids])))
    .returning({ id: stripeEvents.id })
  return rows.length === ids.length
}

/** Hands the events of a claim back for another try after a wait: Stripe did not answer. */
export async function retryStripeEvents(
  db: Db,
  token: string,
  { seconds, error }: { readonly seconds: number; readonly error: string },
): Promise<void> {
  await db
    .update(stripeEvents)
    .set({ ...noClaim, nextAttemptAt: sql`now() + make_interval(secs => ${seconds})`, error })
    .where(eq(stripeEvents.claimToken, token))
}

/** Forgets events that were dealt with so many days ago: their bodies hold addresses. */
export async function sweepStripeEvents(db: Db, days: number): Promise<void> {
  await db.delete(stripeEvents).where(lt(stripeEvents.processedAt, sql`now() - make_interval(days => ${days})`))
}
