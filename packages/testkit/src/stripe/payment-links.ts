import type Stripe from 'stripe'
import type { Account } from './account.js'
import { type CheckoutFields, openSession } from './checkout-sessions.js'
import { emit, emitChange } from './emit.js'
import type { RawObject } from './form.js'
import { htmlPage } from './html.js'
import { lineItems, readLineItems } from './line-items.js'
import { page, paging } from './pages.js'
import { flag, integer, mergeMetadata, metadata, object, oneOf, type Params, required, text } from './parameters.js'
import { type Route, route } from './route.js'
import { html, redirect, type WebPage } from './web-page.js'

const newLink = {
  after_completion: object({
    type: required(oneOf('hosted_confirmation', 'redirect')),
    redirect: object({ url: required(text) }),
    hosted_confirmation: object({ custom_message: text }),
  }),
  customer_creation: oneOf('always', 'if_required'),
  line_items: required(lineItems),
  metadata,
  payment_intent_data: object({ description: text, metadata }),
  restrictions: object({ completed_sessions: required(object({ limit: required(integer) })) }),
  subscription_data: object({ description: text, metadata, trial_period_days: integer }),
}

export const paymentLinkRoutes: readonly Route[] = [
  route('POST', '/v1/payment_links', newLink, ({ account, params }) => addLink(account, params)),
  route('GET', '/v1/payment_links/:id', {}, ({ account, id }) => account.paymentLinks.get(id)),
  route('GET', '/v1/payment_links/:id/line_items', paging, ({ account, id, params }) => {
    const lines = account.sessionLines.get(account.paymentLinks.get(id).id) ?? []
    return page(`/v1/payment_links/${id}/line_items`, lines.toReversed(), params)
  }),
  route('POST', '/v1/payment_links/:id', { active: flag, metadata }, ({ account, id, params }) => {
    const link = account.paymentLinks.get(id)
    emitChange(account, 'payment_link.updated', link, () => {
      link.active = params.active ?? link.active
      link.metadata = mergeMetadata(link.metadata, params.metadata)
    })
    return link
  }),
  route('GET', '/v1/payment_links', { ...paging, active: flag }, ({ account, params }) => {
    const { active } = params
    const found = account.paymentLinks.all().filter((link) => active === undefined || link.active === active)
    return page('/v1/payment_links', found, params)
  }),
]

/**
 * Whoever opens a link gets a checkout of their own, with the `client_reference_id` and `prefilled_email` of the address.
 *
 * @see https://docs.stripe.com/payment-links/url-parameters
 */
export const paymentLinkPages: readonly WebPage[] = [
  {
    method: 'GET',
    path: /^\/b\/([^/]+)$/,
    answer: (account, id, query) => {
      const link = account.paymentLinks.get(id, 'payment_link')
      if (!link.active || usedUp(account, link)) return html(htmlPage('This link is no longer active', ''), 410)
      const session = openFromLink(account, link, query)
      return redirect(session.url ?? account.base)
    },
  },
]

function usedUp(account: Account, link: Stripe.PaymentLink): boolean {
  const limit = link.restrictions?.completed_sessions.limit
  if (limit === undefined) return false
  const done = account.sessions
    .all()
    .filter((session) => session.payment_link === link.id && session.status === 'complete')
  return done.length >= limit
}

function openFromLink(account: Account, link: Stripe.PaymentLink, query: RawObject): Stripe.Checkout.Session {
  const lines = account.sessionLines.get(link.id) ?? []
  const { redirect: target } = link.after_completion
  const data = account.linkFields.get(link.id)
  const fields: CheckoutFields = {
    allow_promotion_codes: undefined,
    billing_address_collection: undefined,
    cancel_url: undefined,
    client_reference_id: asText(query.client_reference_id),
    customer: undefined,
    customer_creation: data?.customer_creation,
    customer_email: asText(query.prefilled_email),
    expires_at: undefined,
    line_items: [],
    locale: undefined,
    metadata: { ...link.metadata },
    mode: lines.some(({ price }) => price?.recurring) ? 'subscription' : 'payment',
    payment_intent_data: data?.payment_intent_data,
    payment_method_collection: undefined,
    submit_type: undefined,
    subscription_data: data?.subscription_data && {
      ...data.subscription_data,
      trial_end: undefined,
      trial_settings: undefined,
    },
    success_url: target?.url,
    ui_mode: undefined,
  }
  return openSession(account, fields, lines, link.id)
}

function asText(raw: RawObject[string] | undefined): string | undefined {
  return typeof raw === 'string' && raw !== '' ? raw : undefined
}

/** What a checkout opened from the link is given. */
export type LinkFields = Pick<Params<typeof newLink>, 'customer_creation' | 'payment_intent_data' | 'subscription_data'>

function addLink(account: Account, params: Params<typeof newLink>): Stripe.PaymentLink {
  const lines = readLineItems(account, params.line_items)
  const id = account.newId('plink_')
  const redirects = params.after_completion?.type === 'redirect' ? params.after_completion.redirect : undefined
  const limit = params.restrictions?.completed_sessions.limit
  const link = account.paymentLinks.add({
    id,
    object: 'payment_link',
    active: true,
    after_completion: redirects
      ? { redirect: { url: redirects.url }, type: 'redirect' }
      : {
          hosted_confirmation: { custom_message: params.after_completion?.hosted_confirmation?.custom_message ?? null },
          type: 'hosted_confirmation',
        },
    allow_promotion_codes: false,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: null },
    billing_address_collection: 'auto',
    consent_collection: null,
    currency: lines[0]?.currency ?? 'usd',
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer_creation: params.customer_creation ?? 'if_required',
    inactive_message: null,
    invoice_creation: null,
    livemode: account.livemode,
    managed_payments: null,
    metadata: mergeMetadata(null, params.metadata),
    on_behalf_of: null,
    payment_intent_data: null,
    payment_method_collection: 'always',
    payment_method_options: null,
    payment_method_types: null,
    phone_number_collection: { enabled: false },
    restrictions: limit === undefined ? null : { completed_sessions: { count: 0, limit } },
    shipping_address_collection: null,
    shipping_options: [],
    submit_type: 'auto',
    subscription_data: null,
    tax_id_collection: { enabled: false, required: 'never' },
    transfer_data: null,
    url: `${account.base}/b/${id}`,
  })
  account.sessionLines.set(id, lines)
  const { customer_creation, payment_intent_data, subscription_data } = params
  account.linkFields.set(id, { customer_creation, payment_intent_data, subscription_data })
  emit(account, 'payment_link.created', link)
  return link
}
