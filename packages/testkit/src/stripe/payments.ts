/** Money that moves: a payment intent, and one charge for each time it is tried. */
import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit } from './emit.js'
import { datedPage, datedPaging } from './pages.js'
import { text } from './parameters.js'
import { type Route, route } from './route.js'

export const paymentRoutes: readonly Route[] = [
  route('GET', '/v1/payment_intents/:id', {}, ({ account, id }) => account.paymentIntents.get(id, 'intent')),
  route('GET', '/v1/payment_intents', { ...datedPaging, customer: text }, ({ account, params }) => {
    const { customer } = params
    const found = account.paymentIntents.all().filter((row) => customer === undefined || row.customer === customer)
    return datedPage('/v1/payment_intents', found, params)
  }),
  route('GET', '/v1/charges/:id', {}, ({ account, id }) => account.charges.get(id)),
  route('GET', '/v1/charges', { ...datedPaging, customer: text, payment_intent: text }, ({ account, params }) => {
    const { customer, payment_intent } = params
    const found = account.charges
      .all()
      .filter((row) => customer === undefined || row.customer === customer)
      .filter((row) => payment_intent === undefined || row.payment_intent === payment_intent)
    return datedPage('/v1/charges', found, params)
  }),
]

export interface Payment {
  readonly customer: string | null
  /** Minor units, more than zero. */
  readonly amount: number
  readonly currency: string
  readonly description: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly testClock: string | null
}

export function openIntent(account: Account, payment: Payment): Stripe.PaymentIntent {
  const id = account.newId('pi_')
  const intent = account.paymentIntents.add({
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: payment.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${account.newId('')}`,
    confirmation_method: 'automatic',
    created: account.now(payment.testClock),
    currency: payment.currency,
    customer: payment.customer,
    customer_account: null,
    description: payment.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: account.livemode,
    managed_payments: null,
    metadata: { ...payment.metadata },
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_group: null,
  })
  emit(account, 'payment_intent.created', intent)
  return intent
}

/** Whether the next charge of this card will be declined. */
export function refuses(account: Account, cardId: string): boolean {
  return account.declinesLeft > 0 || account.failingCards.has(cardId)
}

/** Whether the bank of this card will ask the payer before the next charge. */
export function asks(account: Account, cardId: string): boolean {
  return account.askingCards.has(cardId) && !refuses(account, cardId)
}

/**
 * Tries once to take the money. Whether it went through; both ends leave their charge and events. Where the bank asks the payer
 * first, it did not yet: the intent is `requires_action`, without a charge.
 */
export function tryCharge(account: Account, intent: Stripe.PaymentIntent, card: Stripe.PaymentMethod): boolean {
  if (!asks(account, card.id)) return charge(account, intent, card)
  intent.payment_method = card.id
  intent.last_payment_error = null
  intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: {} }
  intent.status = 'requires_action'
  emit(account, 'payment_intent.requires_action', intent)
  return false
}

/** As `tryCharge`, without a question. */
export function charge(account: Account, intent: Stripe.PaymentIntent, card: Stripe.PaymentMethod): boolean {
  const refused = refuses(account, card.id)
  if (account.declinesLeft > 0) account.declinesLeft--
  const charge = account.charges.add(newCharge(account, intent, card, !refused))
  intent.latest_charge = charge.id
  intent.next_action = null
  if (refused) {
    intent.payment_method = null
    intent.status = 'requires_payment_method'
    intent.last_payment_error = {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      message: 'Your card was declined.',
      charge: charge.id,
      payment_method: card,
    }
    emit(account, 'charge.failed', charge)
    emit(account, 'payment_intent.payment_failed', intent)
    return false
  }
  intent.payment_method = card.id
  intent.amount_received = intent.amount
  intent.last_payment_error = null
  intent.status = 'succeeded'
  emit(account, 'charge.succeeded', charge)
  emit(account, 'payment_intent.succeeded', intent)
  return true
}

function newCharge(
  account: Account,
  intent: Stripe.PaymentIntent,
  card: Stripe.PaymentMethod,
  paid: boolean,
): Stripe.Charge {
  const id = account.newId('ch_')
  const clock = typeof intent.customer === 'string' ? account.customers.find(intent.customer)?.test_clock : null
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: paid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: paid ? account.newId('txn_') : null,
    billing_details: card.billing_details,
    calculated_statement_descriptor: 'SATH',
    captured: paid,
    created: account.now(typeof clock === 'string' ? clock : null),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: paid ? null : 'card_declined',
    failure_message: paid ? null : 'Your card was declined.',
    fraud_details: {},
    livemode: account.livemode,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: paid ? 'approved_by_network' : 'declined_by_network',
      reason: paid ? null : 'generic_decline',
      risk_level: 'normal',
      seller_message: paid ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
      type: paid ? 'authorized' : 'issuer_declined',
    },
    paid,
    payment_intent: intent.id,
    payment_method: card.id,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: paid ? `${account.base}/receipts/${id}` : null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: paid ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  }
}
