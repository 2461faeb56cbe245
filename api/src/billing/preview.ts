import { money } from '@sath/core'
import { type Db, subscriptionsOf } from '@sath/db'
import type { Billing } from './billing.js'
import { priceOf } from './catalogue.js'
import type { Sold } from './catalogue-names.js'
import { plannedChange } from './change-plan.js'
import { liveSubscription } from './own-subscription.js'

/** What a change would cost, and when. Amounts are decimals in `currency`; times ISO 8601. */
export interface MoneyPreview {
  readonly takesEffect: 'now' | 'period-end' | 'checkout' | 'none'
  readonly at: string | null
  readonly dueNow: string
  readonly recurring: string
  readonly currency: string
  readonly trialDays: number
}

/**
 * What it would cost to change to a plan; nothing is changed.
 *
 * @param trialDays of the plan, for whoever never subscribed before
 * @throws AppError as `subscribe` would
 * @throws Stripe's errors
 */
export async function previewMoney(
  db: Db,
  billing: Billing,
  userId: string,
  wanted: Sold,
  trialDays: number,
): Promise<MoneyPreview> {
  const { stripe } = billing
  const [price, present] = await Promise.all([
    priceOf(stripe, wanted.planId, wanted.cycle),
    liveSubscription(db, billing, userId),
  ])
  const amount = (minor: number) => money.minorToDecimal(BigInt(minor), price.currency)
  const terms = { recurring: amount(price.unit_amount ?? 0), currency: price.currency.toUpperCase() }
  if (!present) {
    const days = (await subscriptionsOf(db, userId)).length > 0 ? 0 : trialDays
    const dueNow = amount(days > 0 ? 0 : (price.unit_amount ?? 0))
    return { ...terms, takesEffect: 'checkout', at: null, dueNow, trialDays: days }
  }
  const { change, item, state } = await plannedChange(db, present, wanted)
  const free = { ...terms, dueNow: amount(0), trialDays: 0 }
  if (change.kind === 'none' || change.kind === 'take-back') return { ...free, takesEffect: 'none', at: null }
  if (change.kind === 'at-period-end')
    return { ...free, takesEffect: 'period-end', at: new Date(change.at).toISOString() }
  const at = new Date().toISOString()
  if (state.status === 'trialing') {
    const ends = change.trialEnd === 'now'
    return { ...free, takesEffect: 'now', at, ...(ends ? { dueNow: terms.recurring } : {}) }
  }
  const invoice = await stripe.invoices.createPreview({
    subscription: present.id,
    subscription_details: {
      items: [{ id: item.id, price: price.id, quantity: 1 }],
      proration_behavior: 'always_invoice',
    },
  })
  // What is left of an earlier credit is used up first; an invoice below zero adds to it.
  const dueNow = amount(invoice.total < 0 ? invoice.total : invoice.amount_due)
  return { ...terms, takesEffect: 'now', at, dueNow, trialDays: 0 }
}

/** What it means to go back to the free plan: what is paid for stays until it is used up. @throws Stripe's errors */
export async function previewEnd(db: Db, billing: Billing, userId: string, currency: string): Promise<MoneyPreview> {
  const present = await liveSubscription(db, billing, userId)
  const zero = money.minorToDecimal(0n, currency)
  const free = { dueNow: zero, recurring: zero, currency, trialDays: 0 }
  const end = present?.items.data[0]?.current_period_end
  if (end === undefined) return { ...free, takesEffect: 'none', at: null }
  return { ...free, takesEffect: 'period-end', at: new Date(end * 1_000).toISOString() }
}
