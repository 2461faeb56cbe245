import type Stripe from 'stripe'
import type { Account } from './account.js'
import { wireCopy } from './emit.js'
import { cardFor } from './payment-methods.js'
import { asks, openIntent, refuses, tryCharge } from './payments.js'
import { actionRequired, declined } from './stripe-fault.js'
import { clockOf } from './subscription-end.js'

export interface Rehearsal {
  readonly customer: Stripe.Customer
  /** The subscription's own card; null for the customer's. */
  readonly card: string | null
  /** Minor units; nothing is tried for zero and less. */
  readonly amount: number
  readonly currency: string
}

/**
 * For `error_if_incomplete`: a card that will refuse, or whose bank will ask the payer, is tried alone, before anything is changed.
 *
 * @throws StripeFault 402 with the payment intent that failed
 */
export function rehearsePayment(account: Account, { customer, card, amount, currency }: Rehearsal): void {
  const id = cardFor(account, customer.id, card)
  if (amount <= 0 || id === undefined || !(refuses(account, id) || asks(account, id))) return
  const intent = openIntent(account, {
    customer: customer.id,
    amount,
    currency,
    description: 'Subscription',
    metadata: {},
    testClock: clockOf(customer),
  })
  tryCharge(account, intent, account.paymentMethods.get(id))
  throw intent.status === 'requires_action'
    ? actionRequired('subscription', wireCopy(intent))
    : declined(wireCopy(intent), String(intent.latest_charge))
}
