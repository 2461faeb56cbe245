import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit } from './emit.js'
import { datedPage, datedPaging } from './pages.js'
import { text } from './parameters.js'
import { type Route, route } from './route.js'
import { invalid } from './stripe-fault.js'

export const disputeRoutes: readonly Route[] = [
  route('GET', '/v1/disputes/:id', {}, ({ account, id }) => account.disputes.get(id)),
  route('GET', '/v1/disputes', { ...datedPaging, charge: text, payment_intent: text }, ({ account, params }) => {
    const { charge, payment_intent } = params
    const found = account.disputes
      .all()
      .filter((row) => charge === undefined || row.charge === charge)
      .filter((row) => payment_intent === undefined || row.payment_intent === payment_intent)
    return datedPage('/v1/disputes', found, params)
  }),
]

/** The cardholder's bank takes a charge back. */
export function openDispute(account: Account, chargeId: string): Stripe.Dispute {
  const charge = account.charges.get(chargeId, 'charge')
  if (!charge.paid || charge.disputed) throw invalid(`Charge ${chargeId} cannot be disputed.`)
  const now = account.now()
  charge.disputed = true
  const dispute = account.disputes.add({
    id: account.newId('du_'),
    object: 'dispute',
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: blankEvidence,
    evidence_details: {
      due_by: now + 7 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: account.livemode,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status: 'needs_response',
  })
  emit(account, 'charge.dispute.created', dispute)
  emit(account, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** What the bank decides in the end. A dispute that is won gives the money back; the charge stays marked as disputed, as at Stripe. */
export function closeDispute(account: Account, id: string, end: 'won' | 'lost'): void {
  const dispute = account.disputes.get(id)
  if (dispute.status === 'won' || dispute.status === 'lost') throw invalid(`Dispute ${id} is ${dispute.status}.`)
  dispute.status = end
  emit(account, 'charge.dispute.closed', dispute)
  if (end === 'won') emit(account, 'charge.dispute.funds_reinstated', dispute)
}

const blankEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}
