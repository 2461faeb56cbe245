import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, instant, oneOf } from './columns.js'
import { planGrants } from './grants.js'
import { plans } from './plans.js'
import { users } from './users.js'

export const paymentMethods = ['stripe', 'transfer', 'paypal', 'crypto', 'cash'] as const
export const paymentStatuses = ['paid', 'partially-refunded', 'refunded', 'disputed'] as const

/**
 * The ledger: what was paid, by whatever way. Rows stay when a user is erased, without anything that names the person.
 * Amounts are whole minor units of the currency (see `money.minorToDecimal`).
 */
export const payments = pgTable(
  'payments',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Null: the user was erased. */
    tenantId: uuid().references(() => users.id, { onDelete: 'set null' }),
    method: text({ enum: paymentMethods }).notNull(),
    amountMinor: bigint({ mode: 'bigint' }).notNull(),
    refundedMinor: bigint({ mode: 'bigint' }).notNull().default(sql`0`),
    currency: text().notNull(),
    status: text({ enum: paymentStatuses }).notNull().default('paid'),
    /** What the payer's side calls it: Stripe's invoice or charge, a transfer's number, a transaction's hash. */
    reference: text().notNull(),
    /** Text or address of what shows it; null: none, or erased with its user. */
    proof: text(),
    planId: text().references(() => plans.id),
    /** Days of the plan that it gave as a grant; null: it gave none (a subscription's own grant does). */
    days: integer(),
    grantId: uuid().references(() => planGrants.id, { onDelete: 'set null' }),
    stripeInvoiceId: text(),
    stripeChargeId: text(),
    stripePaymentIntentId: text(),
    /** User id of the admin who recorded it; null: Stripe told of it. */
    createdBy: uuid(),
    paidAt: instant().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('payments_reference').on(t.method, t.reference),
    uniqueIndex('payments_stripe_invoice').on(t.stripeInvoiceId),
    uniqueIndex('payments_stripe_charge').on(t.stripeChargeId),
    uniqueIndex('payments_stripe_payment_intent').on(t.stripePaymentIntentId),
    index('payments_tenant').on(t.tenantId, t.paidAt),
    index('payments_paid').on(t.paidAt, t.id),
    index('payments_grant').on(t.grantId),
    check('payments_method', oneOf(t.method, paymentMethods)),
    check('payments_status', oneOf(t.status, paymentStatuses)),
    check('payments_currency', sql`${t.currency} ~ '^[A-Z]{3}$'`),
    // At most what a float64 holds exactly, since that is how JSON elsewhere will read it.
    check('payments_amount', sql`${t.amountMinor} between 0 and 9007199254740991`),
    check('payments_refunded', sql`${t.refundedMinor} between 0 and ${t.amountMinor}`),
    check(
      'payments_refund',
      sql`case ${t.status} when 'paid' then ${t.refundedMinor} = 0 when 'refunded' then ${t.refundedMinor} = ${t.amountMinor}
        when 'partially-refunded' then ${t.refundedMinor} > 0 and ${t.refundedMinor} < ${t.amountMinor} else true end`,
    ),
    check('payments_days', sql`${t.days} is null or (${t.days} between 1 and 3660 and ${t.planId} is not null)`),
  ],
)
