/** What a change of items costs: decided here, taken by the update and shown by the preview. */
import type Stripe from 'stripe'
import type { Account } from './account.js'
import type { Period } from './billing-period.js'
import { type PlannedItem, periodLine, remainingTimeLine, unusedTimeLine } from './invoice-lines.js'
import { currentPeriod, cycleOf, periodOf, plannedItems } from './subscription-items.js'

export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none'

export interface PlannedChange {
  readonly items: readonly PlannedItem[]
  readonly period: Period
  /** The cycle begins anew now: a whole period is charged at once. */
  readonly restarts: boolean
  readonly lines: readonly Stripe.InvoiceLineItem[]
  /** Whether the lines are invoiced now, or wait for the next invoice. */
  readonly invoiceNow: boolean
}

export interface ChangeOptions {
  readonly proration: ProrationBehavior
  /** Epoch seconds. */
  readonly at: number
  readonly anchorNow: boolean
}

/** Pure but for the ids of the lines. A trial is changed without any charge. */
export function planChange(
  account: Account,
  subscription: Stripe.Subscription,
  items: readonly PlannedItem[],
  { proration, at, anchorNow }: ChangeOptions,
): PlannedChange {
  const before = plannedItems(subscription)
  const period = currentPeriod(subscription)
  const [first] = items
  const [old] = before
  const unchanged = { items, period, restarts: false, lines: [], invoiceNow: false }
  if (subscription.status === 'trialing' || !first || !old) return unchanged
  const restarts = anchorNow || cycleOf(first.price) !== cycleOf(old.price)
  const credited = before.filter((item) => restarts || !items.some((other) => same(item, other)))
  const charged = items.filter((item) => !before.some((other) => same(item, other)))
  const credits =
    proration === 'none' ? [] : credited.map((item) => unusedTimeLine(account, subscription.id, item, period, at))
  if (restarts) {
    const fresh = periodOf(first, at)
    const whole = items.map((item) => periodLine(account, subscription.id, item, fresh))
    return { items, period: fresh, restarts, lines: [...credits, ...whole], invoiceNow: true }
  }
  if (proration === 'none') return unchanged
  const debits = charged.map((item) => remainingTimeLine(account, subscription.id, item, period, at))
  const lines = [...credits, ...debits]
  return { items, period, restarts, lines, invoiceNow: proration === 'always_invoice' && lines.length > 0 }
}

function same(one: PlannedItem, other: PlannedItem): boolean {
  return one.id === other.id && one.price.id === other.price.id && one.quantity === other.quantity
}
