import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit, emitChange } from './emit.js'
import { collectInvoice, draftInvoice, finalizeInvoice } from './invoice-life.js'
import {
  clearable,
  either,
  flag,
  integer,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  type Params,
  required,
  text,
} from './parameters.js'
import { rehearsePayment } from './payment-rehearsal.js'
import { invalid } from './stripe-fault.js'
import { type PlannedChange, planChange } from './subscription-change.js'
import { clockOf } from './subscription-end.js'
import { changedItems, currentPeriod, planChangedItems, plannedItems, wireItem } from './subscription-items.js'
import { endTrial } from './subscription-renewal.js'

export const updateShape = {
  billing_cycle_anchor: object({ type: oneOf('now', 'unchanged') }),
  cancel_at: clearable(either(integer, oneOf('min_period_end', 'max_period_end'))),
  cancel_at_period_end: flag,
  cancellation_details: object({
    comment: clearable(text),
    feedback: clearable(
      oneOf(
        'customer_service',
        'low_quality',
        'missing_features',
        'other',
        'switched_service',
        'too_complex',
        'too_expensive',
        'unused',
      ),
    ),
  }),
  default_payment_method: text,
  description: clearable(text),
  items: changedItems,
  metadata,
  off_session: flag,
  pause_collection: clearable(
    object({ behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')), resumes_at: integer }),
  ),
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete'),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  proration_date: integer,
  trial_end: either(integer, oneOf('now')),
  trial_settings: object({
    end_behavior: required(object({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) })),
  }),
}

type Update = Params<typeof updateShape>

/** @throws StripeFault, and then nothing has changed */
export function updateSubscription(account: Account, subscription: Stripe.Subscription, params: Update): void {
  if (subscription.status === 'canceled' || subscription.status === 'incomplete_expired') {
    throw invalid('A canceled subscription can only update its cancellation_details and metadata.', {
      code: 'invalid_canceled_subscription_fields',
    })
  }
  if (params.cancel_at !== undefined && params.cancel_at_period_end !== undefined) {
    throw invalid('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', {
      code: 'parameters_exclusive',
    })
  }
  const now = account.now(clockOf(subscription))
  const at = checkedProrationDate(subscription, params.proration_date ?? now)
  if (params.default_payment_method !== undefined) {
    account.paymentMethods.get(params.default_payment_method, 'default_payment_method')
  }
  if (typeof params.cancel_at === 'number' && params.cancel_at <= now) {
    throw invalid('The subscription `cancel_at` must be a timestamp in the future.', { param: 'cancel_at' })
  }
  if (typeof params.trial_end === 'number' && params.trial_end <= now) {
    throw invalid('trial_end must be a timestamp in the future.', { param: 'trial_end' })
  }
  const items = params.items ? planChangedItems(account, plannedItems(subscription), params.items) : undefined
  const anchorNow = params.billing_cycle_anchor?.type === 'now'
  const proration = params.proration_behavior ?? 'create_prorations'
  const change =
    items || anchorNow
      ? planChange(account, subscription, items ?? plannedItems(subscription), { proration, at, anchorNow })
      : undefined
  if (change?.invoiceNow && params.payment_behavior === 'error_if_incomplete') {
    rehearsePayment(account, {
      customer: account.customers.get(String(subscription.customer), 'customer'),
      card: typeof subscription.default_payment_method === 'string' ? subscription.default_payment_method : null,
      amount: change.lines.reduce((sum, line) => sum + line.amount, 0),
      currency: subscription.currency,
    })
  }
  emitChange(account, 'customer.subscription.updated', subscription, () => {
    applyFields(subscription, params, now)
    if (change) applyChange(account, subscription, change, now, params.payment_behavior)
  })
  if (params.trial_end !== undefined) applyTrialEnd(account, subscription, params.trial_end)
}

function checkedProrationDate(subscription: Stripe.Subscription, at: number): number {
  const { start, end } = currentPeriod(subscription)
  if (at < start || at > end) {
    throw invalid('The proration date must be within the current period of the subscription.', {
      param: 'proration_date',
    })
  }
  return at
}

function applyFields(subscription: Stripe.Subscription, params: Update, now: number): void {
  if (params.cancel_at_period_end !== undefined || params.cancel_at !== undefined)
    applyCancelAt(subscription, params, now)
  if (params.cancellation_details) {
    const { comment, feedback } = params.cancellation_details
    subscription.cancellation_details = {
      feedback_option: null,
      reason: subscription.cancellation_details?.reason ?? null,
      comment: comment === undefined ? (subscription.cancellation_details?.comment ?? null) : comment || null,
      feedback: feedback === undefined ? (subscription.cancellation_details?.feedback ?? null) : feedback || null,
    }
  }
  subscription.default_payment_method = params.default_payment_method ?? subscription.default_payment_method
  if (params.description !== undefined) subscription.description = params.description || null
  subscription.metadata = mergeMetadata(subscription.metadata, params.metadata)
  if (params.pause_collection !== undefined) {
    const pause = params.pause_collection
    subscription.pause_collection =
      pause === '' ? null : { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null }
  }
  if (params.trial_settings) {
    const { missing_payment_method } = params.trial_settings.end_behavior
    subscription.trial_settings = { end_behavior: { billing_cycle_anchor: null, missing_payment_method } }
  }
}

function applyCancelAt(subscription: Stripe.Subscription, params: Update, now: number): void {
  const { end } = currentPeriod(subscription)
  const atEnd = params.cancel_at_period_end ?? typeof params.cancel_at === 'string'
  const when =
    params.cancel_at === '' ? null : typeof params.cancel_at === 'number' ? params.cancel_at : atEnd ? end : null
  subscription.cancel_at_period_end = params.cancel_at_period_end ?? false
  subscription.cancel_at = when
  subscription.canceled_at = when === null ? null : now
  subscription.cancellation_details = {
    comment: subscription.cancellation_details?.comment ?? null,
    feedback: subscription.cancellation_details?.feedback ?? null,
    feedback_option: null,
    reason: when === null ? null : 'cancellation_requested',
  }
}

function applyChange(
  account: Account,
  subscription: Stripe.Subscription,
  change: PlannedChange,
  now: number,
  behavior: Update['payment_behavior'],
): void {
  const created = new Map(subscription.items.data.map((item) => [item.id, item.created]))
  subscription.items.data = change.items.map((item) =>
    wireItem(subscription.id, item, change.period, created.get(item.id) ?? now),
  )
  if (change.restarts) {
    subscription.billing_cycle_anchor = change.period.start
    if (subscription.cancel_at_period_end) subscription.cancel_at = change.period.end
  }
  const pending = [...(account.pendingLines.get(subscription.id) ?? []), ...change.lines]
  if (!change.invoiceNow) {
    if (pending.length > 0) account.pendingLines.set(subscription.id, pending)
    return
  }
  account.pendingLines.delete(subscription.id)
  const invoice = draftInvoice(account, {
    customer: String(subscription.customer),
    subscription,
    lines: pending,
    reason: 'subscription_update',
    period: { start: now, end: now },
    currency: subscription.currency,
  })
  finalizeInvoice(account, invoice)
  if (behavior !== 'default_incomplete' || invoice.amount_due === 0) collectInvoice(account, invoice)
}

/** A trial moves only the dates; its end begins the first paid period. */
function applyTrialEnd(account: Account, subscription: Stripe.Subscription, trialEnd: number | 'now'): void {
  if (trialEnd === 'now') {
    if (subscription.status === 'trialing') endTrial(account, subscription, 'at once')
    return
  }
  emitChange(account, 'customer.subscription.updated', subscription, () => {
    const now = account.now(clockOf(subscription))
    subscription.trial_start ??= now
    subscription.trial_end = trialEnd
    subscription.status = 'trialing'
    subscription.billing_cycle_anchor = trialEnd
    if (subscription.cancel_at_period_end) subscription.cancel_at = trialEnd
    for (const item of subscription.items.data) item.current_period_end = trialEnd
  })
  account.trialsWarned.delete(subscription.id)
  if (trialEnd - account.now(clockOf(subscription)) <= 3 * 86_400) {
    account.trialsWarned.add(subscription.id)
    emit(account, 'customer.subscription.trial_will_end', subscription)
  }
}
