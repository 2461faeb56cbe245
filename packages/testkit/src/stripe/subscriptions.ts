import type Stripe from 'stripe'
import type { Account } from './account.js'
import { collectInvoice, draftInvoice, finalizeInvoice } from './invoice-life.js'
import { unusedTimeLine } from './invoice-lines.js'
import { datedPage, datedPaging } from './pages.js'
import { either, flag, integer, metadata, object, oneOf, type Params, required, text } from './parameters.js'
import { type Route, route } from './route.js'
import { invalid, missing } from './stripe-fault.js'
import { createSubscription } from './subscription-create.js'
import { clockOf, endSubscription } from './subscription-end.js'
import { currentPeriod, newItems, planNewItems, plannedItems } from './subscription-items.js'
import { pause, resume } from './subscription-renewal.js'
import { updateShape, updateSubscription } from './subscription-update.js'

const statuses = [
  'active',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const

const { default_payment_method, description, off_session, trial_settings, payment_behavior, proration_behavior } =
  updateShape

const createShape = {
  customer: required(text),
  items: required(newItems),
  cancel_at_period_end: flag,
  default_payment_method,
  description,
  metadata,
  off_session,
  payment_behavior,
  proration_behavior,
  trial_end: either(integer, oneOf('now')),
  trial_period_days: integer,
  trial_settings,
}

const cancelShape = { cancellation_details: updateShape.cancellation_details, invoice_now: flag, prorate: flag }

export const subscriptionRoutes: readonly Route[] = [
  route('POST', '/v1/subscriptions', createShape, ({ account, params }) => {
    const customer = account.customers.get(params.customer, 'customer')
    if (params.default_payment_method !== undefined) {
      account.paymentMethods.get(params.default_payment_method, 'default_payment_method')
    }
    return createSubscription(account, {
      customer: customer.id,
      items: planNewItems(account, params.items),
      card: params.default_payment_method ?? null,
      metadata: params.metadata,
      description: params.description || null,
      trialEnd: trialEndOf(account.now(clockOf(customer)), params),
      missingCard: params.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
      paymentBehavior: params.payment_behavior ?? 'allow_incomplete',
      cancelAtPeriodEnd: params.cancel_at_period_end ?? false,
    })
  }),
  route('GET', '/v1/subscriptions/:id', {}, ({ account, id }) => account.subscriptions.get(id)),
  route('POST', '/v1/subscriptions/:id', updateShape, ({ account, id, params }) => {
    const subscription = account.subscriptions.get(id)
    updateSubscription(account, subscription, params)
    return subscription
  }),
  route('DELETE', '/v1/subscriptions/:id', cancelShape, ({ account, id, params }) => {
    const subscription = account.subscriptions.get(id)
    if (subscription.status === 'canceled' || subscription.status === 'incomplete_expired') {
      throw missing('subscription', id, 'id')
    }
    cancelNow(account, subscription, params)
    return subscription
  }),
  route('POST', '/v1/subscriptions/:id/pause', { type: oneOf('subscription') }, ({ account, id }) => {
    const subscription = account.subscriptions.get(id)
    if (subscription.status !== 'active') throw invalid('Only an active subscription can be paused.')
    pause(account, subscription, 'pause_requested')
    return subscription
  }),
  route(
    'POST',
    '/v1/subscriptions/:id/resume',
    { billing_cycle_anchor: object({ type: oneOf('now') }), proration_behavior },
    ({ account, id }) => {
      const subscription = account.subscriptions.get(id)
      if (subscription.status !== 'paused') throw invalid('Only a paused subscription can be resumed.')
      resume(account, subscription)
      return subscription
    },
  ),
  route(
    'GET',
    '/v1/subscriptions',
    { ...datedPaging, customer: text, price: text, status: oneOf(...statuses, 'all', 'ended'), test_clock: text },
    ({ account, params }) => datedPage('/v1/subscriptions', account.subscriptions.all().filter(listed(params)), params),
  ),
]

interface Listed {
  readonly customer: string | undefined
  readonly price: string | undefined
  readonly status: string | undefined
  readonly test_clock: string | undefined
}

/** Without a status the list leaves out what was canceled, as Stripe does. */
function listed({ customer, price, status, test_clock }: Listed): (subscription: Stripe.Subscription) => boolean {
  return (subscription) => {
    const ended = subscription.status === 'canceled' || subscription.status === 'incomplete_expired'
    const ofStatus =
      status === undefined
        ? subscription.status !== 'canceled'
        : status === 'all' || (status === 'ended' ? ended : subscription.status === status)
    return (
      ofStatus &&
      (customer === undefined || subscription.customer === customer) &&
      (price === undefined || subscription.items.data.some((item) => item.price.id === price)) &&
      (test_clock === undefined || subscription.test_clock === test_clock)
    )
  }
}

/** Epoch seconds, undefined without a trial. */
export function trialEndOf(
  now: number,
  { trial_end, trial_period_days }: { trial_end?: number | 'now' | undefined; trial_period_days?: number | undefined },
): number | undefined {
  if (trial_end !== undefined && trial_period_days !== undefined) {
    throw invalid('You may only specify one of these parameters: trial_end, trial_period_days.', {
      code: 'parameters_exclusive',
    })
  }
  if (trial_period_days !== undefined && trial_period_days < 1) {
    throw invalid('Trial periods have at least one day.', { param: 'trial_period_days' })
  }
  if (typeof trial_end === 'number' && trial_end <= now) {
    throw invalid('Invalid timestamp: must be an integer Unix timestamp in the future.', { param: 'trial_end' })
  }
  if (trial_period_days !== undefined) return now + trial_period_days * 86_400
  return trial_end === 'now' ? undefined : trial_end
}

function cancelNow(account: Account, subscription: Stripe.Subscription, params: Params<typeof cancelShape>): void {
  const now = account.now(clockOf(subscription))
  const { comment, feedback } = params.cancellation_details ?? {}
  subscription.cancellation_details = {
    comment: comment || null,
    feedback: feedback || null,
    feedback_option: null,
    reason: 'cancellation_requested',
  }
  const unused = params.prorate
    ? plannedItems(subscription).map((item) =>
        unusedTimeLine(account, subscription.id, item, currentPeriod(subscription), now),
      )
    : []
  const lines = [...(account.pendingLines.get(subscription.id) ?? []), ...unused]
  account.pendingLines.delete(subscription.id)
  if (params.invoice_now && lines.length > 0) {
    const invoice = draftInvoice(account, {
      customer: String(subscription.customer),
      subscription,
      lines,
      reason: 'subscription_update',
      period: { start: now, end: now },
      currency: subscription.currency,
    })
    finalizeInvoice(account, invoice)
    collectInvoice(account, invoice)
  }
  endSubscription(account, subscription, 'cancellation_requested')
}
