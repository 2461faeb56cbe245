import type Stripe from 'stripe'
import type { Account } from './account.js'
import type { Period } from './billing-period.js'
import { emit } from './emit.js'
import { collectInvoice, draftInvoice, finalizeInvoice } from './invoice-life.js'
import { type PlannedItem, periodLine, trialLine } from './invoice-lines.js'
import { whole } from './pages.js'
import { mergeMetadata } from './parameters.js'
import { cardFor } from './payment-methods.js'
import { rehearsePayment } from './payment-rehearsal.js'
import { invalid } from './stripe-fault.js'
import { clockOf } from './subscription-end.js'
import { periodOf, wireItem } from './subscription-items.js'

export interface NewSubscription {
  readonly customer: string
  readonly items: readonly PlannedItem[]
  readonly card: string | null
  readonly metadata: Readonly<Record<string, string>> | '' | undefined
  readonly description: string | null
  /** Epoch seconds; undefined without a trial. */
  readonly trialEnd: number | undefined
  readonly missingCard: 'cancel' | 'create_invoice' | 'pause'
  readonly paymentBehavior: 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete'
  readonly cancelAtPeriodEnd: boolean
}

/** @throws StripeFault 402 with `error_if_incomplete`, 400 when there is no card to charge */
export function createSubscription(account: Account, fresh: NewSubscription): Stripe.Subscription {
  const [first] = fresh.items
  if (!first) throw invalid('A subscription must have at least one active plan.', { param: 'items' })
  const customer = account.customers.get(fresh.customer, 'customer')
  const now = account.now(clockOf(customer))
  const trial = fresh.trialEnd === undefined ? undefined : { start: now, end: fresh.trialEnd }
  const period = trial ?? periodOf(first, now)
  const owed = trial
    ? 0
    : fresh.items.reduce((sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * quantity, 0)
  if (owed > 0 && fresh.paymentBehavior !== 'default_incomplete' && !cardFor(account, customer.id, fresh.card)) {
    throw invalid(
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
      { code: 'resource_missing' },
    )
  }
  if (fresh.paymentBehavior === 'error_if_incomplete') {
    rehearsePayment(account, { customer, card: fresh.card, amount: owed, currency: first.price.currency })
  }
  const subscription = blankSubscription(account, fresh, customer, { now, period, trial })
  account.subscriptions.add(subscription)
  const lines = fresh.items.map((item) =>
    trial ? trialLine(account, subscription.id, item, period) : periodLine(account, subscription.id, item, period),
  )
  const announce = () => {
    emit(account, 'customer.subscription.created', subscription)
    warnOfShortTrial(account, subscription)
  }
  const fields = { customer: customer.id, subscription, lines, currency: subscription.currency }
  const invoice = draftInvoice(
    account,
    { ...fields, reason: 'subscription_create', period: { start: now, end: now } },
    announce,
  )
  finalizeInvoice(account, invoice)
  const wait = fresh.paymentBehavior === 'default_incomplete' && invoice.amount_due > 0
  if (!wait) collectInvoice(account, invoice)
  return subscription
}

/** Stripe announces the end of a trial three days before, at once for a shorter one. */
function warnOfShortTrial(account: Account, subscription: Stripe.Subscription): void {
  const { trial_end } = subscription
  if (trial_end === null || trial_end - account.now(clockOf(subscription)) > 3 * 86_400) return
  account.trialsWarned.add(subscription.id)
  emit(account, 'customer.subscription.trial_will_end', subscription)
}

interface Moments {
  readonly now: number
  readonly period: Period
  readonly trial: Period | undefined
}

function blankSubscription(
  account: Account,
  fresh: NewSubscription,
  customer: Stripe.Customer,
  { now, period, trial }: Moments,
): Stripe.Subscription {
  const id = account.newId('sub_')
  const cancelAt = fresh.cancelAtPeriodEnd ? period.end : null
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: trial?.end ?? now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: cancelAt,
    cancel_at_period_end: fresh.cancelAtPeriodEnd,
    canceled_at: cancelAt === null ? null : now,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: cancelAt === null ? null : 'cancellation_requested',
    },
    collection_method: 'charge_automatically',
    created: now,
    currency: fresh.items[0]?.price.currency ?? 'usd',
    customer: customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: fresh.card,
    default_source: null,
    default_tax_rates: [],
    description: fresh.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: whole(
      `/v1/subscription_items?subscription=${id}`,
      fresh.items.map((item) => wireItem(id, item, period, now)),
    ),
    latest_invoice: null,
    livemode: account.livemode,
    managed_payments: null,
    metadata: mergeMetadata(null, fresh.metadata),
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: trial ? 'trialing' : 'incomplete',
    test_clock: clockOf(customer),
    transfer_data: null,
    trial_end: trial?.end ?? null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: fresh.missingCard } },
    trial_start: trial?.start ?? null,
  }
}
