import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, instant, oneOf } from './columns.js'
import { plans } from './plans.js'
import { users } from './users.js'

/** One Stripe customer per user. */
export const billingCustomers = pgTable(
  'billing_customers',
  {
    tenantId: uuid()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    customerId: text().notNull(),
    livemode: boolean().notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('billing_customers_customer').on(t.customerId)],
)

export const billingCycles = ['monthly', 'yearly'] as const
/** Subscriptions as they were last fetched from Stripe, for the page; what they entitle to is their grant. */
export const stripeSubscriptions = pgTable(
  'stripe_subscriptions',
  {
    id: text().primaryKey(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    customerId: text().notNull(),
    /** Null: its price is none of ours. */
    planId: text().references(() => plans.id),
    cycle: text({ enum: billingCycles }),
    /** Stripe's word. */
    status: text().notNull(),
    periodEnd: instant(),
    cancelAt: instant(),
    cancelAtPeriodEnd: boolean().notNull().default(false),
    trialEnd: instant(),
    /** When the oldest unpaid invoice was made; null: nothing is unpaid. */
    pastDueSince: instant(),
    amountMinor: bigint({ mode: 'bigint' }),
    currency: text(),
    latestInvoiceId: text(),
    /** Where the latest invoice can be paid or seen. */
    invoiceUrl: text(),
    livemode: boolean().notNull(),
    createdAt: createdAt(),
    fetchedAt: createdAt(),
  },
  (t) => [
    index('stripe_subscriptions_tenant').on(t.tenantId),
    index('stripe_subscriptions_customer').on(t.customerId),
    index('stripe_subscriptions_fetched').on(t.fetchedAt),
    check('stripe_subscriptions_cycle', sql`${t.cycle} is null or ${oneOf(t.cycle, billingCycles)}`),
    check('stripe_subscriptions_amount', sql`${t.amountMinor} between 0 and 9007199254740991`),
    check('stripe_subscriptions_currency', sql`${t.currency} ~ '^[A-Z]{3}$'`),
  ],
)

export const stripeOutcomes = ['done', 'ignored', 'other-livemode', 'failed'] as const
/** What Stripe rang with, by its own id, so that what comes twice is here once. A claim is owner, token and until. */
export const stripeEvents = pgTable(
  'stripe_events',
  {
    id: text().primaryKey(),
    type: text().notNull(),
    livemode: boolean().notNull(),
    apiVersion: text(),
    customerId: text(),
    /** JSON, as it came: what was signed. Whoever stores it has read it. */
    body: text().notNull(),
    receivedAt: createdAt(),
    claimOwner: text(),
    claimToken: uuid(),
    claimUntil: instant(),
    attempts: integer().notNull().default(0),
    /** Not before this moment: the wait after a try that came to nothing. */
    nextAttemptAt: createdAt(),
    processedAt: instant(),
    outcome: text({ enum: stripeOutcomes }),
    /** Why the last try came to nothing. */
    error: text(),
  },
  (t) => [
    index('stripe_events_waiting').on(t.nextAttemptAt).where(sql`${t.processedAt} is null`),
    index('stripe_events_received').on(t.receivedAt),
    check('stripe_events_outcome', sql`${t.outcome} is null or ${oneOf(t.outcome, stripeOutcomes)}`),
    check('stripe_events_processed', sql`(${t.processedAt} is null) = (${t.outcome} is null)`),
    check(
      'stripe_events_claim',
      sql`(${t.claimToken} is null) = (${t.claimUntil} is null) and (${t.claimToken} is null) = (${t.claimOwner} is null)`,
    ),
  ],
)
