import type Stripe from 'stripe'
import type { Account } from './account.js'
import { periodFrom } from './billing-period.js'
import { composeInvoice } from './invoice-draft.js'
import { periodLine } from './invoice-lines.js'
import { clearable, flag, integer, object, oneOf, type Params, text } from './parameters.js'
import { invalid, missing, StripeFault } from './stripe-fault.js'
import { planChange } from './subscription-change.js'
import { clockOf } from './subscription-end.js'
import {
  changedItems,
  currentPeriod,
  periodOf,
  planChangedItems,
  planNewItems,
  plannedItems,
} from './subscription-items.js'

export const previewShape = {
  customer: text,
  subscription: text,
  currency: text,
  preview_mode: oneOf('next'),
  subscription_details: object({
    items: changedItems,
    billing_cycle_anchor: object({ type: oneOf('now', 'unchanged') }),
    cancel_at: clearable(integer),
    cancel_at_period_end: flag,
    cancel_now: flag,
    proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
    proration_date: integer,
  }),
}

/** What the next invoice would be, as it stands or after a change; nothing is written. */
export function previewInvoice(account: Account, params: Params<typeof previewShape>): Stripe.Invoice {
  if (params.subscription !== undefined) return previewOfSubscription(account, params.subscription, params)
  if (params.customer === undefined) throw invalid('You must pass a customer or a subscription.', { param: 'customer' })
  const customer = account.customers.get(params.customer, 'customer')
  const wanted = params.subscription_details?.items?.map((item) => ({ ...item, price: item.price ?? '' })) ?? []
  if (wanted.length === 0) throw noneUpcoming(customer.id)
  const items = planNewItems(account, wanted, 'subscription_details[items]')
  const now = account.now(clockOf(customer))
  const period = periodOf(items[0] as (typeof items)[number], now)
  return composeInvoice(account, account.newId('upcoming_in_'), {
    customer: customer.id,
    subscription: undefined,
    lines: items.map((item) => periodLine(account, null, item, period)),
    reason: 'upcoming',
    period: { start: now, end: now },
    currency: items[0]?.price.currency ?? 'usd',
  })
}

function previewOfSubscription(account: Account, id: string, params: Params<typeof previewShape>): Stripe.Invoice {
  const subscription = account.subscriptions.find(id)
  if (!subscription) throw missing('subscription', id, 'subscription')
  const customer = String(subscription.customer)
  if (params.customer !== undefined && params.customer !== customer) throw missing('subscription', id, 'subscription')
  if (subscription.status === 'canceled') throw noneUpcoming(customer)
  const details = params.subscription_details
  const at = details?.proration_date ?? account.now(clockOf(subscription))
  const before = plannedItems(subscription)
  const items = details?.items
    ? planChangedItems(account, before, details.items, 'subscription_details[items]')
    : before
  const proration = details?.proration_behavior ?? 'create_prorations'
  const anchorNow = details?.billing_cycle_anchor?.type === 'now'
  const change = planChange(account, subscription, items, { proration, at, anchorNow })
  const pending = account.pendingLines.get(id) ?? []
  const ends = details?.cancel_now || (details?.cancel_at_period_end ?? subscription.cancel_at_period_end)
  const next = change.invoiceNow || ends ? [] : nextLines(account, subscription, change.items)
  const lines = [...pending, ...change.lines, ...next]
  if (lines.length === 0) throw noneUpcoming(customer)
  const invoice = composeInvoice(account, account.newId('upcoming_in_'), {
    customer,
    subscription,
    lines,
    reason: 'upcoming',
    period: currentPeriod(subscription),
    currency: subscription.currency,
  })
  invoice.next_payment_attempt = change.invoiceNow ? at : currentPeriod(subscription).end + 3_600
  if (invoice.parent?.subscription_details) invoice.parent.subscription_details.subscription_proration_date = at
  return invoice
}

/** The period after this one. */
export function nextLines(account: Account, subscription: Stripe.Subscription, items: ReturnType<typeof plannedItems>) {
  const { end } = currentPeriod(subscription)
  return items.map((item) => {
    const { interval = 'month', interval_count = 1 } = item.price.recurring ?? {}
    const period = periodFrom(subscription.billing_cycle_anchor, end, interval as 'month', interval_count)
    return periodLine(account, subscription.id, item, period)
  })
}

function noneUpcoming(customer: string): StripeFault {
  return new StripeFault(404, {
    type: 'invalid_request_error',
    code: 'invoice_upcoming_none',
    message: `No upcoming invoices for customer: ${customer}`,
  })
}
