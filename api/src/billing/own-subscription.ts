import { AppError } from '@sath/core'
import { customerOf, type Db } from '@sath/db'
import type Stripe from 'stripe'
import type { Billing } from './billing.js'
import { priceOf } from './catalogue.js'
import { changeParams } from './change-plan.js'
import { isMissing } from './stripe-refusal.js'
import { isLive, itemOf, stayParams, subscriptionState } from './subscription-state.js'

/** The user's subscription that is not over, from Stripe. Undefined: there is none. @throws Stripe's errors */
export async function liveSubscription(
  db: Db,
  { stripe }: Billing,
  userId: string,
): Promise<Stripe.Subscription | undefined> {
  const known = await customerOf(db, userId)
  if (!known) return undefined
  try {
    const { data } = await stripe.subscriptions.list({ customer: known.customerId, limit: 100 })
    return data.find(isLive)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Ends the subscription with the period that is paid for. Safe to repeat. @throws AppError not-found; Stripe's errors */
export async function cancelAtPeriodEnd(db: Db, billing: Billing, userId: string): Promise<void> {
  const { id } = await ownSubscription(db, billing, userId)
  await billing.stripe.subscriptions.update(id, { cancel_at_period_end: true })
}

/**
 * Takes back what waits for the end of the period: a cancellation, or a downgrade. Safe to repeat.
 *
 * @throws AppError not-found
 * @throws Stripe's errors
 */
export async function resume(db: Db, billing: Billing, userId: string): Promise<void> {
  const { stripe } = billing
  const subscription = await ownSubscription(db, billing, userId)
  const { kept, sold } = subscriptionState(subscription, { pastDueSince: null, disputed: false })
  const ours = itemOf(subscription)
  const back =
    kept && sold && ours && kept.until > Date.now()
      ? changeParams({ kind: 'take-back' }, ours.item, await priceOf(stripe, kept.planId, sold.cycle), kept.planId)
      : {}
  await stripe.subscriptions.update(subscription.id, { ...back, ...stayParams(subscription) })
}

/** Where a user changes the card, pays what is due and reads receipts. @throws AppError not-found when nothing was ever bought */
export async function portalUrl(db: Db, { stripe }: Billing, userId: string, returnUrl: string): Promise<string> {
  const nothing = new AppError('not-found', 'There is nothing to manage yet: nothing was bought.')
  const known = await customerOf(db, userId)
  if (!known) throw nothing
  try {
    const session = await stripe.billingPortal.sessions.create({ customer: known.customerId, return_url: returnUrl })
    return session.url
  } catch (error) {
    throw isMissing(error) ? nothing : error
  }
}

async function ownSubscription(db: Db, billing: Billing, userId: string): Promise<Stripe.Subscription> {
  const found = await liveSubscription(db, billing, userId)
  if (!found) throw new AppError('not-found', 'There is no subscription.')
  return found
}
