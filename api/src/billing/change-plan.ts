import { AppError, dayMs } from '@sath/core'
import { type Db, listPlans } from '@sath/db'
import type Stripe from 'stripe'
import type { Billing } from './billing.js'
import { priceOf } from './catalogue.js'
import type { Sold } from './catalogue-names.js'
import { itemOf, keptMetadata, type SubscriptionState, stayParams, subscriptionState } from './subscription-state.js'

/** How a subscription becomes another. */
export type PlanChange =
  | { readonly kind: 'none' }
  /** At once: what is left of the old is set off, and the rest is charged now. `trialEnd`: a trial ends then, epoch ms. */
  | { readonly kind: 'now'; readonly trialEnd?: number | 'now' }
  /** At the next invoice; what is paid for stays until then, epoch ms. */
  | { readonly kind: 'at-period-end'; readonly at: number }
  /** A downgrade that is waiting is taken back; nothing is charged. */
  | { readonly kind: 'take-back' }

/** What counts of a plan that is sold. */
export interface Offer {
  readonly rank: number
  readonly trialDays: number
}

/**
 * More of a plan comes at once, less of one when the period that is paid for is over; in a trial, where nothing is paid for,
 * both come at once, and a higher plan is free for no more days than a trial of its own would be. A yearly subscription becomes monthly at once too, with what is left as credit, since Stripe begins a
 * period anew when its length changes.
 *
 * @param offerOf a plan by its id
 * @throws AppError payment-failed while an invoice is due, version-conflict while a downgrade waits
 */
export function planChange(
  state: Pick<SubscriptionState, 'status' | 'createdAt' | 'sold' | 'kept' | 'periodEnd' | 'trialEnd' | 'invoiceUrl'>,
  wanted: Sold,
  offerOf: (planId: string) => Offer,
  now: number,
): PlanChange {
  const { status, sold, periodEnd, invoiceUrl } = state
  if (status !== 'active' && status !== 'trialing') {
    const where = invoiceUrl === null ? 'in the billing portal' : `at ${invoiceUrl}`
    throw new AppError('payment-failed', `A payment is due. Pay it ${where}, then change the plan.`)
  }
  if (!sold) throw new AppError('version-conflict', 'This subscription is not to a plan of Sath.')
  const kept = state.kept && state.kept.until > now ? state.kept : undefined
  const sameCycle = sold.cycle === wanted.cycle
  if (kept?.planId === wanted.planId && sameCycle) return { kind: 'take-back' }
  if (sold.planId === wanted.planId && sameCycle) return { kind: 'none' }
  const paid = kept?.planId ?? sold.planId
  const [offer, present] = [offerOf(wanted.planId), offerOf(paid)]
  const isLess = offer.rank < present.rank
  if (isLess && sameCycle && status === 'active' && periodEnd !== null) return { kind: 'at-period-end', at: periodEnd }
  if (kept)
    throw new AppError('version-conflict', 'A change is waiting for the end of the period. Take it back first: resume.')
  const trialEnd = state.createdAt + offer.trialDays * dayMs
  const isShorter = status === 'trialing' && offer.rank > present.rank && trialEnd < (state.trialEnd ?? trialEnd)
  return { kind: 'now', ...(isShorter ? { trialEnd: trialEnd > now ? trialEnd : 'now' } : {}) }
}

/** What is to be said to Stripe for a change. */
export function changeParams(
  change: PlanChange,
  item: Stripe.SubscriptionItem,
  price: Stripe.Price,
  paid: string,
): Stripe.SubscriptionUpdateParams | undefined {
  const items = [{ id: item.id, price: price.id, quantity: 1 }]
  switch (change.kind) {
    case 'none':
      return undefined
    case 'now':
      return {
        items,
        proration_behavior: 'always_invoice',
        payment_behavior: 'error_if_incomplete',
        ...(change.trialEnd === undefined ? {} : { trial_end: inSeconds(change.trialEnd) }),
      }
    case 'at-period-end':
      return {
        items,
        proration_behavior: 'none',
        metadata: { [keptMetadata.plan]: paid, [keptMetadata.until]: String(Math.floor(change.at / 1_000)) },
      }
    case 'take-back':
      return {
        items,
        proration_behavior: 'none',
        metadata: { [keptMetadata.plan]: '', [keptMetadata.until]: '' },
      }
  }
}

function inSeconds(time: number | 'now'): number | 'now' {
  return time === 'now' ? time : Math.floor(time / 1_000)
}

/** Changes a subscription that is there. @throws as `planChange` and Stripe do; nothing has changed then */
export async function applyChange(
  db: Db,
  { stripe }: Billing,
  subscription: Stripe.Subscription,
  wanted: Sold,
): Promise<void> {
  const { change, item, paid } = await plannedChange(db, subscription, wanted)
  const params = changeParams(change, item, await priceOf(stripe, wanted.planId, wanted.cycle), paid)
  // Who chooses a plan stays: a cancellation that was waiting is taken back with it.
  const update = { ...params, ...stayParams(subscription) }
  if (Object.keys(update).length > 0) await stripe.subscriptions.update(subscription.id, update)
}

/** A change and what it is of. */
export interface PlannedChange {
  readonly change: PlanChange
  readonly state: SubscriptionState
  readonly item: Stripe.SubscriptionItem
  /** The plan that is paid for. */
  readonly paid: string
}

export async function plannedChange(db: Db, subscription: Stripe.Subscription, wanted: Sold): Promise<PlannedChange> {
  const state = subscriptionState(subscription, { pastDueSince: null, disputed: false })
  const plans = new Map((await listPlans(db)).map((plan) => [plan.id, plan]))
  const now = Date.now()
  const change = planChange(state, wanted, (id) => plans.get(id) ?? { rank: 0, trialDays: 0 }, now)
  const ours = itemOf(subscription)
  if (!ours) throw new AppError('version-conflict', 'This subscription is not to a plan of Sath.')
  const paid = state.kept && state.kept.until > now ? state.kept.planId : ours.sold.planId
  return { change, state, item: ours.item, paid }
}
