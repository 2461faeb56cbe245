import { money } from '@sath/core'
import type { LedgerRow } from '@sath/db'

/** A payment as its payer sees it. */
export function paymentView(row: LedgerRow) {
  const { id, method, currency, status, reference, days, grant } = row
  return {
    id,
    method,
    amount: money.minorToDecimal(row.amountMinor, currency),
    refunded: money.minorToDecimal(row.refundedMinor, currency),
    currency,
    status,
    reference,
    plan: row.planId,
    days,
    grant: grant && { startsAt: grant.startsAt.toISOString(), endsAt: grant.endsAt?.toISOString() ?? null },
    paidAt: row.paidAt.toISOString(),
  }
}

export function adminPaymentView(row: LedgerRow) {
  const { email, proof, stripeInvoiceId, stripeChargeId } = row
  return {
    ...paymentView(row),
    userId: row.tenantId,
    email,
    proof,
    stripeInvoiceId,
    stripeChargeId,
    recordedBy: row.createdBy,
    recordedAt: row.createdAt.toISOString(),
  }
}
