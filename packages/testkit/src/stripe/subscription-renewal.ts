import type Stripe from 'stripe'
import type { Account } from './account.js'
import { type Period, periodFrom } from './billing-period.js'
import { emit, emitChange } from './emit.js'
import { collectInvoice, draftInvoice, finalizeInvoice, markUncollectible, voidInvoice } from './invoice-life.js'
import { periodLine } from './invoice-lines.js'
import { cardFor } from './payment-methods.js'
import { clockOf, endSubscription } from './subscription-end.js'
import { currentPeriod, plannedItems } from './subscription-items.js'

/** Stripe leaves the invoice of a renewal open for changes for an hour. */
const draftSeconds = 3_600

/** Begins the next period and drafts its invoice. */
export function renew(account: Account, subscription: Stripe.Subscription): void {
  emitChange(account, 'customer.subscription.updated', subscription, () => {
    startPeriod(subscription, currentPeriod(subscription).end)
    invoiceCycle(account, subscription)
  })
}

/**
 * Ends a trial by what the subscription says of a missing card: cancel, pause, or begin to charge.
 *
 * @param invoice `at once` for a trial ended by hand; one that runs out is invoiced like a renewal
 */
export function endTrial(
  account: Account,
  subscription: Stripe.Subscription,
  invoice: 'at once' | 'as a renewal',
): void {
  const own = subscription.default_payment_method
  const card = cardFor(account, String(subscription.customer), typeof own === 'string' ? own : null)
  const { missing_payment_method } = subscription.trial_settings?.end_behavior ?? {}
  if (card === undefined && missing_payment_method === 'cancel') {
    endSubscription(account, subscription, 'cancellation_requested')
    return
  }
  if (card === undefined && missing_payment_method === 'pause') {
    pause(account, subscription, 'trial_end_without_payment_method')
    return
  }
  emitChange(account, 'customer.subscription.updated', subscription, () => {
    const now = account.now(clockOf(subscription))
    subscription.status = 'active'
    subscription.trial_end = now
    subscription.billing_cycle_anchor = now
    startPeriod(subscription, now)
    const drafted = invoiceCycle(account, subscription)
    if (invoice === 'at once' && drafted.status === 'draft') {
      finalizeInvoice(account, drafted)
      collectInvoice(account, drafted)
    }
  })
}

function startPeriod(subscription: Stripe.Subscription, start: number): void {
  const period = periodOn(subscription, start)
  for (const item of subscription.items.data) {
    item.current_period_start = period.start
    item.current_period_end = period.end
  }
  if (subscription.cancel_at_period_end) subscription.cancel_at = period.end
}

function periodOn(subscription: Stripe.Subscription, start: number): Period {
  const { interval = 'month', interval_count = 1 } = subscription.items.data[0]?.price.recurring ?? {}
  return periodFrom(subscription.billing_cycle_anchor, start, interval as 'month', interval_count)
}

function invoiceCycle(account: Account, subscription: Stripe.Subscription): Stripe.Invoice {
  const period = currentPeriod(subscription)
  const pending = account.pendingLines.get(subscription.id) ?? []
  account.pendingLines.delete(subscription.id)
  const pausing = subscription.pause_collection?.behavior
  const kept = subscription.status === 'unpaid' || pausing === 'keep_as_draft'
  const lines = plannedItems(subscription).map((item) => periodLine(account, subscription.id, item, period))
  const invoice = draftInvoice(account, {
    customer: String(subscription.customer),
    subscription,
    lines: [...pending, ...lines],
    reason: 'subscription_cycle',
    period: { start: period.start, end: period.start },
    currency: subscription.currency,
    finalizesAt: kept || pausing ? undefined : period.start + draftSeconds,
    autoAdvance: !kept,
  })
  if (!kept && pausing) {
    finalizeInvoice(account, invoice)
    if (pausing === 'void') voidInvoice(account, invoice)
    else markUncollectible(account, invoice)
  }
  return invoice
}

export type PauseReason = 'pause_requested' | 'trial_end_without_payment_method'

export function pause(account: Account, subscription: Stripe.Subscription, reason: PauseReason): void {
  subscription.status = 'paused'
  subscription.status_details = {
    paused: {
      subscription: { type: reason },
      transitioned_at: account.now(clockOf(subscription)),
      type: 'subscription',
    },
  }
  emit(account, 'customer.subscription.paused', subscription)
}

/** Out of a pause with a new period, charged at once. */
export function resume(account: Account, subscription: Stripe.Subscription): void {
  const now = account.now(clockOf(subscription))
  subscription.status = 'active'
  delete subscription.status_details
  subscription.billing_cycle_anchor = now
  startPeriod(subscription, now)
  const invoice = invoiceCycle(account, subscription)
  emit(account, 'customer.subscription.resumed', subscription)
  if (invoice.status !== 'draft') return
  finalizeInvoice(account, invoice)
  collectInvoice(account, invoice)
}
