import type { StripePayment } from '@sath/db'
import type Stripe from 'stripe'

/** A paid invoice with what became of its money. Amounts in whole minor units. */
export interface PaidInvoice {
  readonly invoice: Stripe.Invoice
  /** Undefined: no line sells one. */
  readonly planId: string | undefined
  readonly intentId: string | null
  readonly chargeId: string | null
  readonly refunded: number
  readonly isDisputed: boolean
  /** Epoch ms. */
  readonly paidAt: number
}

export function paymentOf({
  invoice,
  planId,
  intentId,
  chargeId,
  refunded,
  isDisputed,
  paidAt,
}: PaidInvoice): StripePayment {
  const amountMinor = BigInt(invoice.amount_paid)
  const refundedMinor = BigInt(Math.min(refunded, invoice.amount_paid))
  return {
    stripeInvoiceId: invoice.id,
    stripePaymentIntentId: intentId,
    stripeChargeId: chargeId,
    amountMinor,
    refundedMinor,
    currency: invoice.currency.toUpperCase(),
    status: statusOf(amountMinor, refundedMinor, isDisputed),
    planId: planId ?? null,
    paidAt: new Date(paidAt),
  }
}

function statusOf(amount: bigint, refunded: bigint, isDisputed: boolean): StripePayment['status'] {
  if (isDisputed) return 'disputed'
  if (refunded === 0n) return 'paid'
  return refunded < amount ? 'partially-refunded' : 'refunded'
}
