import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit, emitChange } from './emit.js'
import { datedPage, datedPaging } from './pages.js'
import { integer, mergeMetadata, metadata, oneOf, type Params, text } from './parameters.js'
import { type Route, route } from './route.js'
import { invalid } from './stripe-fault.js'

const newRefund = {
  amount: integer,
  charge: text,
  metadata,
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
}

export const refundRoutes: readonly Route[] = [
  route('POST', '/v1/refunds', newRefund, ({ account, params }) => refund(account, params)),
  route('GET', '/v1/refunds/:id', {}, ({ account, id }) => account.refunds.get(id)),
  route('GET', '/v1/refunds', { ...datedPaging, charge: text, payment_intent: text }, ({ account, params }) => {
    const { charge, payment_intent } = params
    const found = account.refunds
      .all()
      .filter((row) => charge === undefined || row.charge === charge)
      .filter((row) => payment_intent === undefined || row.payment_intent === payment_intent)
    return datedPage('/v1/refunds', found, params)
  }),
]

/** Gives back a part of a charge, or what is left of it. The invoice stays paid and the subscription as it is, as at Stripe. */
function refund(account: Account, params: Params<typeof newRefund>): Stripe.Refund {
  const charge = chargeOf(account, params)
  const left = charge.amount_captured - charge.amount_refunded
  if (left === 0) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  if (charge.disputed)
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
  const amount = params.amount ?? left
  if (amount < 1 || amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`, {
      param: 'amount',
    })
  }
  const made = account.refunds.add({
    id: account.newId('re_'),
    object: 'refund',
    amount,
    balance_transaction: account.newId('txn_'),
    charge: charge.id,
    created: account.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: mergeMetadata(null, params.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: params.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  })
  emit(account, 'refund.created', made)
  emitChange(account, 'charge.refunded', charge, (it) => {
    it.amount_refunded += amount
    it.refunded = it.amount_refunded === it.amount_captured
  })
  return made
}

function chargeOf(account: Account, { charge, payment_intent }: Params<typeof newRefund>): Stripe.Charge {
  if (charge !== undefined) return account.charges.get(charge, 'charge')
  if (payment_intent === undefined) {
    throw invalid('One of the following params should be provided for this request: payment_intent or charge.', {
      code: 'parameter_missing',
    })
  }
  const { latest_charge } = account.paymentIntents.get(payment_intent, 'payment_intent')
  if (typeof latest_charge !== 'string') {
    throw invalid('This PaymentIntent does not have a successful charge to refund.', { param: 'payment_intent' })
  }
  return account.charges.get(latest_charge, 'charge')
}
