import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit, emitChange } from './emit.js'

export type EndReason = 'cancellation_requested' | 'payment_failed' | 'payment_disputed'

/** Ends it now. Invoices that are still open stay, but are no longer collected. Ending twice changes nothing. */
export function endSubscription(account: Account, subscription: Stripe.Subscription, reason: EndReason): void {
  if (subscription.status === 'canceled' || subscription.status === 'incomplete_expired') return
  const now = account.now(clockOf(subscription))
  subscription.status = 'canceled'
  subscription.canceled_at ??= now
  subscription.ended_at = now
  subscription.cancellation_details = {
    comment: null,
    feedback: null,
    feedback_option: null,
    ...subscription.cancellation_details,
    reason: subscription.cancellation_details?.reason ?? reason,
  }
  for (const invoice of account.invoices.all()) {
    const mine = invoice.parent?.subscription_details?.subscription === subscription.id
    if (!mine || (invoice.status !== 'open' && invoice.status !== 'draft')) continue
    emitChange(account, 'invoice.updated', invoice, (it) => {
      it.auto_advance = false
      it.automatically_finalizes_at = null
      it.next_payment_attempt = null
    })
  }
  emit(account, 'customer.subscription.deleted', subscription)
}

/** The test clock the object lives on. */
export function clockOf({ test_clock }: { readonly test_clock?: unknown }): string | null {
  return typeof test_clock === 'string' ? test_clock : null
}
