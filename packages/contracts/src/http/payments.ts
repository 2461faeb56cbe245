import { z } from 'zod'
import { PlanId } from './admin.js'
import { Amount, Id, pageQuery, rangeQuery, Time } from './common.js'

export const paymentMethods = ['stripe', 'transfer', 'paypal', 'crypto', 'cash'] as const
export const paymentStatuses = ['paid', 'partially-refunded', 'refunded', 'disputed'] as const

export const Payment = z
  .object({
    id: Id,
    method: z.enum(paymentMethods),
    amount: Amount,
    refunded: Amount,
    currency: z.string(),
    status: z.enum(paymentStatuses),
    reference: z.string(),
    plan: z.string().nullable(),
    /** Days of the plan that it paid for; null: it belongs to a subscription, or gave none. */
    days: z.int().nullable(),
    /** When those days run. */
    grant: z.object({ startsAt: Time, endsAt: Time.nullable() }).nullable(),
    paidAt: Time,
  })
  .meta({ id: 'Payment' })
export const AdminPayment = Payment.extend({
  /** Null: the user was erased. */
  userId: Id.nullable(),
  email: z.string().nullable(),
  proof: z.string().nullable(),
  stripeInvoiceId: z.string().nullable(),
  stripeChargeId: z.string().nullable(),
  /** User id of the admin; null: Stripe told of it. */
  recordedBy: Id.nullable(),
  recordedAt: Time,
}).meta({ id: 'AdminPayment' })

export const PaymentsQuery = z.strictObject({ ...pageQuery, ...rangeQuery })
export const AdminPaymentsQuery = z.strictObject({
  ...pageQuery,
  ...rangeQuery,
  user: Id.optional(),
  method: z.enum(paymentMethods).optional(),
  status: z.enum(paymentStatuses).optional(),
  /** csv: all that match, oldest first; `Accept: text/csv` says the same. */
  format: z.enum(['json', 'csv']).optional(),
})

/** A positive amount; how many decimals it may have is the currency's to say. */
const Paid = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})(\.\d{1,3})?$/, 'must be an amount such as "29.00"')
  .refine((text) => /[1-9]/.test(text), 'must be more than nothing')
  .meta({ examples: ['29.00'] })
/** ISO 4217. What was paid in a coin is written in the currency it was worth. */
const PaidCurrency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be a currency such as USD')
  .meta({ examples: ['USD'] })
const manual = paymentMethods.filter((method) => method !== 'stripe')
/** What an admin has seen paid. The same method and reference again is the same payment. */
export const RecordPaymentBody = z.strictObject({
  userId: Id,
  method: z.enum(manual),
  amount: Paid,
  currency: PaidCurrency,
  reference: z.string().trim().min(1).max(200),
  /** Text, or the address of what shows it. */
  proof: z.string().trim().min(1).max(2000).optional(),
  plan: PlanId,
  days: z.int().min(1).max(3660),
  /** ISO 8601 with a zone; absent: now. */
  paidAt: z.iso
    .datetime({ offset: true })
    .meta({ examples: ['2026-01-31T12:00:00Z'] })
    .optional(),
})
/** A full refund and a dispute take back the days still to come; `paid` again gives them back. */
export const ChangePaymentBody = z
  .strictObject({
    status: z.enum(paymentStatuses),
    /** How much came back in all, of a refund in part. */
    refunded: Paid.optional(),
  })
  .refine(
    ({ status, refunded }) => (status === 'partially-refunded') === (refunded !== undefined),
    'refunded belongs to a refund in part, and only to that',
  )
