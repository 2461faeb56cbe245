/** 3-D Secure: the payer's bank asks, and the payer answers. @see https://docs.stripe.com/payments/3d-secure */
import type Stripe from 'stripe'
import type { Account } from './account.js'
import { finishWaiting } from './checkout-completion.js'
import { emit } from './emit.js'
import { markPaid } from './invoice-life.js'
import { charge } from './payments.js'
import { invalid } from './stripe-fault.js'

/**
 * The payer confirms a payment that waits for it, or does not. Whether it went through: then its invoice is paid, and the
 * checkout that waited is complete.
 *
 * @throws StripeFault when nothing is asked
 */
export function answerBank(account: Account, intent: Stripe.PaymentIntent, confirms: boolean): boolean {
  if (intent.status !== 'requires_action') throw invalid(`This PaymentIntent is ${intent.status}.`)
  const card = account.paymentMethods.get(String(intent.payment_method))
  const invoice = invoiceOf(account, intent)
  if (!confirms) unconfirmed(account, intent, card)
  if (!confirms || !charge(account, intent, card)) {
    if (invoice) emit(account, 'invoice.payment_failed', invoice)
    return false
  }
  if (invoice) markPaid(account, invoice)
  finishWaiting(account, intent, invoice)
  return true
}

function unconfirmed(account: Account, intent: Stripe.PaymentIntent, card: Stripe.PaymentMethod): void {
  intent.status = 'requires_payment_method'
  intent.payment_method = null
  intent.next_action = null
  intent.last_payment_error = {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'The provided PaymentMethod has failed authentication.',
    payment_method: card,
  }
  emit(account, 'payment_intent.payment_failed', intent)
}

function invoiceOf(account: Account, intent: Stripe.PaymentIntent): Stripe.Invoice | undefined {
  const paying = account.invoicePayments.all().find(({ payment }) => payment.payment_intent === intent.id)
  return typeof paying?.invoice === 'string' ? account.invoices.find(paying.invoice) : undefined
}
