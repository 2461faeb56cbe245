import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit } from './emit.js'
import { lineItems, readLineItems } from './line-items.js'
import { datedPage, datedPaging, page, paging } from './pages.js'
import { flag, integer, mergeMetadata, metadata, object, oneOf, type Params, required, text } from './parameters.js'
import { type Route, route } from './route.js'
import { invalid } from './stripe-fault.js'
import { trialEndOf } from './subscriptions.js'

const trialSettings = object({
  end_behavior: required(object({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) })),
})

export const checkoutShape = {
  allow_promotion_codes: flag,
  billing_address_collection: oneOf('auto', 'required'),
  cancel_url: text,
  client_reference_id: text,
  customer: text,
  customer_creation: oneOf('always', 'if_required'),
  customer_email: text,
  expires_at: integer,
  line_items: required(lineItems),
  locale: text,
  metadata,
  mode: required(oneOf('payment', 'subscription')),
  payment_intent_data: object({ description: text, metadata }),
  payment_method_collection: oneOf('always', 'if_required'),
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  subscription_data: object({
    description: text,
    metadata,
    trial_end: integer,
    trial_period_days: integer,
    trial_settings: trialSettings,
  }),
  success_url: text,
  ui_mode: oneOf('hosted_page'),
}

export type CheckoutFields = Params<typeof checkoutShape>

export const checkoutRoutes: readonly Route[] = [
  route('POST', '/v1/checkout/sessions', checkoutShape, ({ account, params }) => {
    if (params.success_url === undefined) {
      throw invalid('Missing required param: success_url.', { code: 'parameter_missing', param: 'success_url' })
    }
    return openSession(account, params, readLineItems(account, params.line_items), null)
  }),
  route('GET', '/v1/checkout/sessions/:id', {}, ({ account, id }) => account.sessions.get(id, 'session')),
  route('POST', '/v1/checkout/sessions/:id', { metadata }, ({ account, id, params }) => {
    const session = account.sessions.get(id, 'session')
    session.metadata = mergeMetadata(session.metadata, params.metadata)
    return session
  }),
  route('GET', '/v1/checkout/sessions/:id/line_items', paging, ({ account, id, params }) => {
    const lines = account.sessionLines.get(account.sessions.get(id, 'session').id) ?? []
    return page(`/v1/checkout/sessions/${id}/line_items`, lines.toReversed(), params)
  }),
  route('POST', '/v1/checkout/sessions/:id/expire', {}, ({ account, id }) => {
    const session = account.sessions.get(id, 'session')
    if (session.status !== 'open') {
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      )
    }
    expireSession(account, session)
    return session
  }),
  route(
    'GET',
    '/v1/checkout/sessions',
    {
      ...datedPaging,
      customer: text,
      payment_intent: text,
      payment_link: text,
      status: oneOf('open', 'complete', 'expired'),
      subscription: text,
    },
    ({ account, params }) => {
      const keys = ['customer', 'payment_intent', 'payment_link', 'status', 'subscription'] as const
      const found = account.sessions
        .all()
        .filter((session) => keys.every((key) => params[key] === undefined || session[key] === params[key]))
      return datedPage('/v1/checkout/sessions', found, params)
    },
  ),
]

export function expireSession(account: Account, session: Stripe.Checkout.Session): void {
  session.status = 'expired'
  session.url = null
  emit(account, 'checkout.session.expired', session)
}

/** What the session's page needs to know and the session itself does not tell. */
export interface CheckoutPlan {
  readonly subscriptionData: CheckoutFields['subscription_data']
  readonly paymentData: CheckoutFields['payment_intent_data']
}

/** @param paymentLink the link the session was opened from */
export function openSession(
  account: Account,
  params: CheckoutFields,
  lines: Stripe.LineItem[],
  paymentLink: string | null,
): Stripe.Checkout.Session {
  const now = account.now()
  const { mode } = params
  checkLines(lines, mode)
  const customer = params.customer === undefined ? undefined : account.customers.get(params.customer, 'customer')
  if (customer && params.customer_email !== undefined) {
    throw invalid('You may only specify one of these parameters: customer, customer_email.', {
      code: 'parameters_exclusive',
    })
  }
  if (mode === 'payment' && params.subscription_data) {
    throw invalid('You can not pass `subscription_data` in `payment` mode.', { param: 'subscription_data' })
  }
  if (mode === 'subscription' && params.payment_intent_data) {
    throw invalid('You can not pass `payment_intent_data` in `subscription` mode.', { param: 'payment_intent_data' })
  }
  const expires = params.expires_at ?? now + 86_400
  if (expires < now + 30 * 60 || expires > now + 86_400) {
    throw invalid(
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
      {
        param: 'expires_at',
      },
    )
  }
  const trial = trialEndOf(now, params.subscription_data ?? {})
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0)
  const due = trial === undefined ? total : 0
  const id = account.newId(account.livemode ? 'cs_live_' : 'cs_test_', 58)
  const session = account.sessions.add({
    ...blankSession,
    id,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    amount_subtotal: due,
    amount_total: due,
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: now,
    currency: lines[0]?.currency ?? null,
    custom_fields: [],
    customer: customer?.id ?? null,
    customer_creation: customer || mode === 'subscription' ? null : (params.customer_creation ?? 'if_required'),
    customer_email: params.customer_email ?? null,
    expires_at: expires,
    livemode: account.livemode,
    locale: params.locale ?? null,
    metadata: mergeMetadata(null, params.metadata),
    mode,
    payment_link: paymentLink,
    payment_method_collection: params.payment_method_collection ?? 'always',
    payment_method_types: ['card'],
    shipping_options: [],
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: `${account.base}/c/pay/${id}`,
  })
  account.sessionLines.set(id, lines)
  account.checkoutPlans.set(id, { subscriptionData: params.subscription_data, paymentData: params.payment_intent_data })
  return session
}

function checkLines(lines: readonly Stripe.LineItem[], mode: 'payment' | 'subscription'): void {
  const recurring = lines.filter(({ price }) => price?.recurring)
  if (mode === 'payment' && recurring.length > 0) {
    throw invalid(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      {
        param: 'line_items',
      },
    )
  }
  if (mode === 'subscription' && recurring.length < lines.length) {
    throw invalid('A subscription is opened here with recurring prices only.', { param: 'line_items' })
  }
}

const blankSession = {
  object: 'checkout.session',
  adaptive_pricing: null,
  after_expiration: null,
  allowed_payment_method_types: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  customer_account: null,
  customer_details: null,
  discounts: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  managed_payments: null,
  origin_context: null,
  payment_intent: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_status: 'unpaid',
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  status: 'open',
  subscription: null,
  ui_mode: 'hosted_page',
  wallet_options: null,
} as const satisfies Partial<Stripe.Checkout.Session>
