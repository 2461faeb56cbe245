/** What the end of an invoice does to its subscription. @see https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses */
import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emitChange } from './emit.js'
import { endSubscription } from './subscription-end.js'

export function subscriptionOf(account: Account, invoice: Stripe.Invoice): Stripe.Subscription | undefined {
  const id = invoice.parent?.subscription_details?.subscription
  return typeof id === 'string' ? account.subscriptions.find(id) : undefined
}

/** Paying the latest invoice brings the subscription back; an older one does not. */
export function invoiceSettled(account: Account, invoice: Stripe.Invoice): void {
  const subscription = subscriptionOf(account, invoice)
  if (!subscription || subscription.latest_invoice !== invoice.id) return
  if (!['incomplete', 'past_due', 'unpaid'].includes(subscription.status)) return
  setStatus(account, subscription, 'active')
}

/** A first invoice leaves it incomplete, any other makes it past due. */
export function invoiceRefused(account: Account, invoice: Stripe.Invoice): void {
  const subscription = subscriptionOf(account, invoice)
  if (subscription?.status === 'active' || subscription?.status === 'trialing') {
    setStatus(account, subscription, 'past_due')
  }
}

/** After the last try. */
export function invoiceGivenUp(account: Account, invoice: Stripe.Invoice): void {
  const subscription = subscriptionOf(account, invoice)
  if (subscription?.status !== 'past_due') return
  if (account.dunning.afterLast === 'cancel') endSubscription(account, subscription, 'payment_failed')
  if (account.dunning.afterLast === 'mark_unpaid') setStatus(account, subscription, 'unpaid')
}

/** A first invoice that is void can never be paid. */
export function invoiceVoided(account: Account, invoice: Stripe.Invoice): void {
  const subscription = subscriptionOf(account, invoice)
  if (subscription?.status === 'incomplete') setStatus(account, subscription, 'incomplete_expired')
}

export function setStatus(
  account: Account,
  subscription: Stripe.Subscription,
  status: Stripe.Subscription.Status,
): void {
  emitChange(account, 'customer.subscription.updated', subscription, (it) => {
    it.status = status
  })
}
