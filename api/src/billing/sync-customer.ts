import {
  customerOf,
  type Db,
  databaseTime,
  findCustomer,
  forgetCustomer,
  keepCustomer,
  listPlans,
  type ProjectedGrant,
  type FetchedSubscription as Row,
  saveSubscription,
  subscriptionsOfCustomer,
  tenantExists,
} from '@sath/db'
import type { Logger } from 'pino'
import { errorFields } from '../http/error-fields.js'
import type { Billing } from './billing.js'
import { type FetchedCustomer, fetchCustomer } from './fetch-customer.js'
import { grantOfSubscription, keptGrantOf, type SubscriptionGrant } from './grant-of-subscription.js'
import { paymentOf } from './ledger-rows.js'
import { withoutWords } from './stripe-refusal.js'
import type { SubscriptionState } from './subscription-state.js'
import { tellSubscriber } from './tell-subscriber.js'

export interface SyncParts {
  readonly db: Db
  readonly billing: Billing
  readonly log: Logger
  /** Where mails lead to. */
  readonly publicUrl: string
}

/** What a look at a customer changed. */
export type Synced = 'nobody' | 'unchanged' | 'changed'

/**
 * Makes our rows and grants of a customer what Stripe says now, and mails what is news of it. The same whoever rings, however often and in whatever order; a
 * look that was begun earlier never comes over a later one.
 *
 * @throws Stripe's errors, and the database's
 */
export async function syncCustomer({ db, billing, log, publicUrl }: SyncParts, customerId: string): Promise<Synced> {
  const askedAt = await databaseTime(db)
  const fetched = await fetchCustomer(billing, customerId)
  const tenantId = await tenantOf(db, customerId, fetched, billing.livemode)
  if (tenantId === undefined) return 'nobody'
  const plans = new Map((await listPlans(db)).map(({ id, name }) => [id, name]))
  const seen = new Set(fetched.subscriptions.map(({ state }) => state.id))
  let changed = false
  const save = async (row: Row, ...written: Rest<typeof saveSubscription>) => {
    const saved = await saveSubscription(db, row, askedAt, ...written)
    changed ||= saved !== undefined && saved.before.id !== saved.after.id
  }
  for (const { state, paid, open } of fetched.subscriptions) {
    if (state.sold && !plans.has(state.sold.planId))
      log.warn({ tenantId, planId: state.sold.planId }, 'a subscription to no plan of ours')
    const payments = paid.map(paymentOf).map((row) => ({
      ...row,
      planId: row.planId !== null && plans.has(row.planId) ? row.planId : null,
    }))
    const known = state.sold && plans.has(state.sold.planId) ? state : { ...state, sold: undefined }
    const news = { tenantId, state: known, paid, open, plans, graceDays: billing.graceDays, now: askedAt, publicUrl }
    await save(rowOf(known, tenantId), grantsOf(known, billing.graceDays, askedAt, plans), payments, (tx, { after }) =>
      // Its own part of the transaction: a mail that cannot be written keeps no plan from being right, and the next look writes it.
      tx
        .transaction((inner) => tellSubscriber(inner, news, after))
        .catch((error: unknown) => log.warn({ err: errorFields(error) }, 'a mail about a subscription waits')),
    )
  }
  // Stripe lists those of a deleted customer no longer, or they were of another account: over either way.
  for (const { createdAt: _, fetchedAt: __, ...row } of await subscriptionsOfCustomer(db, customerId))
    if (!seen.has(row.id)) await save({ ...row, status: 'canceled' }, { current: undefined, kept: undefined })
  if (fetched.isGone) await forgetCustomer(db, customerId)
  return changed ? 'changed' : 'unchanged'
}

type Rest<F> = F extends (db: Db, row: Row, askedAt: number, ...rest: infer R) => unknown ? R : never

/** By our row; one whose row was lost is known by what we wrote on it in Stripe. */
async function tenantOf(
  db: Db,
  customerId: string,
  { userId, isGone }: FetchedCustomer,
  livemode: boolean,
): Promise<string | undefined> {
  const customer = await findCustomer(db, customerId)
  if (customer) return customer.tenantId
  const [row] = await subscriptionsOfCustomer(db, customerId)
  if (row) return row.tenantId
  if (userId === undefined || !isUuid(userId) || !(await tenantExists(db, userId))) return undefined
  if (!isGone) await keepCustomer(db, { tenantId: userId, customerId, livemode })
  return userId
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

function grantsOf(state: SubscriptionState, graceDays: number, now: number, plans: ReadonlyMap<string, string>) {
  const kept = keptGrantOf(state, graceDays, now)
  return {
    current: projected(grantOfSubscription(state, graceDays, now)),
    kept: kept && plans.has(kept.planId) ? projected(kept) : undefined,
  }
}

function projected(grant: SubscriptionGrant | undefined): ProjectedGrant | undefined {
  if (!grant) return undefined
  const { planId, startsAt, endsAt } = grant
  return { planId, startsAt: new Date(startsAt), endsAt: date(endsAt) }
}

function rowOf(state: SubscriptionState, tenantId: string): Row {
  const { sold } = state
  return {
    id: state.id,
    tenantId,
    customerId: state.customerId,
    planId: sold?.planId ?? null,
    cycle: sold?.cycle ?? null,
    status: state.status,
    periodEnd: date(state.periodEnd),
    cancelAt: date(state.cancelAt),
    cancelAtPeriodEnd: state.cancelAtPeriodEnd,
    trialEnd: date(state.trialEnd),
    pastDueSince: date(state.pastDueSince),
    amountMinor: state.amountMinor,
    currency: state.currency,
    latestInvoiceId: state.latestInvoiceId,
    invoiceUrl: state.invoiceUrl,
    livemode: state.livemode,
  }
}

function date(time: number | null): Date | null {
  return time === null ? null : new Date(time)
}

/**
 * Looks at a user's customer right after we changed something there, so that the page shows it; the event that follows would do
 * the same a moment later, and when this look fails it does.
 */
export async function refresh(parts: SyncParts, userId: string): Promise<void> {
  const known = await customerOf(parts.db, userId)
  if (!known) return
  await syncCustomer(parts, known.customerId).catch((error: unknown) =>
    parts.log.warn({ err: errorFields(withoutWords(error)) }, 'a change at Stripe will be seen later'),
  )
}
