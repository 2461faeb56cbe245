import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { payments } from './schema/index.js'

type Row = typeof payments.$inferSelect
/** An invoice that was paid through Stripe, as it was fetched. */
export type StripePayment = Pick<
  Row,
  | 'amountMinor'
  | 'refundedMinor'
  | 'currency'
  | 'status'
  | 'planId'
  | 'stripeChargeId'
  | 'stripePaymentIntentId'
  | 'paidAt'
> & { readonly stripeInvoiceId: string }

/**
 * Writes paid invoices into the ledger, and what became of their money since. In the transaction that writes their
 * subscription, so that an older fetch never comes over a newer one. A subscription's own grant gives its plan: these give none.
 */
export async function saveStripePayments(tx: Db, tenantId: string, paid: readonly StripePayment[]): Promise<void> {
  if (paid.length === 0) return
  await tx
    .insert(payments)
    .values(paid.map((row) => ({ ...row, tenantId, method: 'stripe' as const, reference: row.stripeInvoiceId })))
    .onConflictDoUpdate({
      target: payments.stripeInvoiceId,
      set: {
        refundedMinor: sql`excluded.refunded_minor`,
        status: sql`excluded.status`,
        stripeChargeId: sql`excluded.stripe_charge_id`,
        stripePaymentIntentId: sql`excluded.stripe_payment_intent_id`,
      },
      setWhere: sql`(${payments.refundedMinor}, ${payments.status}, ${payments.stripeChargeId}, ${payments.stripePaymentIntentId})
        is distinct from (excluded.refunded_minor, excluded.status, excluded.stripe_charge_id, excluded.stripe_payment_intent_id)`,
    })
}
