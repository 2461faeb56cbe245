import type Stripe from 'stripe'
import { type Sold, soldBy } from './catalogue-names.js'

/** All that counts of a subscription as it was fetched, and of the invoices and disputes fetched with it. Times in epoch ms. */
export interface SubscriptionState {
  readonly id: string
  readonly customerId: string
  /** Stripe's word. */
  readonly status: string
  readonly createdAt: number
  /** Undefined: none of its prices is ours. */
  readonly sold: Sold | undefined
  readonly periodStart: number | null
  readonly periodEnd: number | null
  readonly cancelAt: number | null
  readonly cancelAtPeriodEnd: boolean
  /** When its end was last asked for; null: it was not. */
  readonly cancelAskedAt: number | null
  readonly trialEnd: number | null
  /** When the oldest invoice that is due was made; null: none is. */
  readonly pastDueSince: number | null
  /** The latest payment was disputed, and the dispute is not won. */
  readonly disputed: boolean
  /** A plan that was paid for until then, after a downgrade. */
  readonly kept: { readonly planId: string; readonly until: number } | undefined
  /** What a period costs, whole minor units. */
  readonly amountMinor: bigint | null
  readonly currency: string
  readonly latestInvoiceId: string | null
  /** Where the latest invoice can be seen, and paid when it is due. */
  readonly invoiceUrl: string | null
  readonly livemode: boolean
}

/** What the subscription does not say itself. */
export interface Dues {
  readonly pastDueSince: number | null
  readonly disputed: boolean
}

/** Metadata of a subscription that was downgraded: what is paid for, and until when (epoch seconds). */
export const keptMetadata = { plan: 'sath_paid_plan', until: 'sath_paid_until' } as const

export function subscriptionState(it: Stripe.Subscription, { pastDueSince, disputed }: Dues): SubscriptionState {
  const ours = itemOf(it)
  const [item = it.items.data[0]] = ours ? [ours.item] : []
  const ends = it.items.data.map(({ current_period_end }) => current_period_end)
  const periodEnd = ends.length === 0 ? null : Math.min(...ends) * 1_000
  const invoice = typeof it.latest_invoice === 'object' ? it.latest_invoice : null
  const unit = item?.price.unit_amount ?? null
  return {
    id: it.id,
    customerId: typeof it.customer === 'string' ? it.customer : it.customer.id,
    status: it.status,
    createdAt: it.created * 1_000,
    sold: ours?.sold,
    periodStart: item ? item.current_period_start * 1_000 : null,
    periodEnd,
    cancelAt: ms(it.cancel_at) ?? (it.cancel_at_period_end ? periodEnd : null),
    cancelAtPeriodEnd: it.cancel_at_period_end,
    cancelAskedAt: ms(it.canceled_at),
    trialEnd: ms(it.trial_end),
    pastDueSince,
    disputed,
    kept: keptOf(it.metadata),
    amountMinor: unit === null ? null : BigInt(unit) * BigInt(item?.quantity ?? 1),
    currency: it.currency.toUpperCase(),
    latestInvoiceId: invoice?.id ?? (typeof it.latest_invoice === 'string' ? it.latest_invoice : null),
    invoiceUrl: invoice?.hosted_invoice_url ?? null,
    livemode: it.livemode,
  }
}

/** The item that sells a plan of ours. */
export function itemOf(
  it: Stripe.Subscription,
): { readonly item: Stripe.SubscriptionItem; readonly sold: Sold } | undefined {
  for (const item of it.items.data) {
    const sold = soldBy(item.price)
    if (sold) return { item, sold }
  }
  return undefined
}

function keptOf(metadata: Stripe.Metadata): SubscriptionState['kept'] {
  const [planId, until] = [metadata[keptMetadata.plan], Number(metadata[keptMetadata.until])]
  return planId && Number.isSafeInteger(until) && until > 0 ? { planId, until: until * 1_000 } : undefined
}

/**
 * What takes back an end that waits; nothing when none does. We end a subscription with its period, Stripe's portal on a day,
 * and the two are never said together.
 *
 * @see https://docs.stripe.com/billing/subscriptions/billing-mode/compare
 */
export function stayParams(it: Stripe.Subscription): Stripe.SubscriptionUpdateParams {
  if (it.cancel_at_period_end) return { cancel_at_period_end: false }
  return it.cancel_at === null ? {} : { cancel_at: '' }
}

function ms(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000
}

const liveStatuses: ReadonlySet<string> = new Set(['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'])
/** Whether it is not over, whatever it entitles to. */
export function isLive({ status }: { readonly status: string }): boolean {
  return liveStatuses.has(status)
}
