import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit } from './emit.js'
import { page, paging } from './pages.js'
import { oneOf, required, text } from './parameters.js'
import { type Route, route } from './route.js'
import { missing } from './stripe-fault.js'

/**
 * Stripe's cards for tests that are known here: the first pays always, the second attaches and then refuses every charge, the
 * third has its bank ask the payer about every charge (3-D Secure). @see https://docs.stripe.com/testing
 */
export const testCards = {
  pm_card_visa: '4242',
  pm_card_chargeCustomerFail: '0341',
  pm_card_authenticationRequired: '3184',
} as const
export type TestCard = keyof typeof testCards

export const paymentMethodRoutes: readonly Route[] = [
  route('GET', '/v1/payment_methods/:id', {}, ({ account, id }) => account.paymentMethods.get(id)),
  route(
    'GET',
    '/v1/payment_methods',
    { ...paging, customer: required(text), type: oneOf('card') },
    ({ account, params }) => {
      const mine = account.paymentMethods.all().filter(({ customer }) => customer === params.customer)
      return page('/v1/payment_methods', mine, params)
    },
  ),
  route('POST', '/v1/payment_methods/:id/attach', { customer: required(text) }, ({ account, id, params }) =>
    attachCard(account, id, account.customers.get(params.customer, 'customer')),
  ),
  route('POST', '/v1/payment_methods/:id/detach', {}, ({ account, id }) => {
    const card = account.paymentMethods.get(id)
    card.customer = null
    emit(account, 'payment_method.detached', card)
    return card
  }),
]

/** A test card by its name, or a payment method that exists. */
export function attachCard(account: Account, id: string, customer: Stripe.Customer): Stripe.PaymentMethod {
  const card = account.paymentMethods.find(id) ?? newCard(account, id)
  card.billing_details = { ...card.billing_details, email: customer.email, name: customer.name ?? null }
  card.customer = customer.id
  emit(account, 'payment_method.attached', card)
  return card
}

/** A test card that belongs to nobody yet. */
export function newCard(account: Account, name: string): Stripe.PaymentMethod {
  if (!Object.hasOwn(testCards, name)) throw missing('PaymentMethod', name, 'payment_method')
  const card = account.paymentMethods.add({
    id: account.newId('pm_'),
    object: 'payment_method',
    allow_redisplay: 'always',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand: 'visa',
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: 'visa',
      exp_month: 12,
      exp_year: 2040,
      fingerprint: account.newId('', 16),
      funding: 'credit',
      generated_from: null,
      last4: testCards[name as TestCard],
      networks: { available: ['visa'], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: account.now(),
    customer: null,
    customer_account: null,
    livemode: account.livemode,
    metadata: {},
    type: 'card',
  })
  if (name === 'pm_card_chargeCustomerFail') account.failingCards.add(card.id)
  if (name === 'pm_card_authenticationRequired') account.askingCards.add(card.id)
  return card
}

/** The card that is charged: the subscription's own, else the customer's default. */
export function cardFor(account: Account, customerId: string, own: string | null): string | undefined {
  if (own !== null) return own
  const standard = account.customers.find(customerId)?.invoice_settings.default_payment_method
  return typeof standard === 'string' ? standard : undefined
}
