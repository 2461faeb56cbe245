/** The life of an invoice: draft, open, then paid, void or uncollectible. @see https://docs.stripe.com/invoicing/overview#invoice-statuses */
import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit, emitChange } from './emit.js'
import { composeInvoice, type InvoiceFields } from './invoice-draft.js'
import { cardFor } from './payment-methods.js'
import { openIntent, tryCharge } from './payments.js'
import { invalid } from './stripe-fault.js'
import { clockOf } from './subscription-end.js'
import { invoiceGivenUp, invoiceRefused, invoiceSettled, invoiceVoided, subscriptionOf } from './subscription-status.js'

/** @param announce called when the invoice is there and before its own event */
export function draftInvoice(account: Account, fields: InvoiceFields, announce?: () => void): Stripe.Invoice {
  const invoice = account.invoices.add(composeInvoice(account, account.newId('in_'), fields))
  if (fields.subscription) fields.subscription.latest_invoice = invoice.id
  announce?.()
  emit(account, 'invoice.created', invoice)
  return invoice
}

/** Gives it its number and pages, and takes the customer's credit into account. */
export function finalizeInvoice(account: Account, invoice: Stripe.Invoice): void {
  if (invoice.status !== 'draft')
    throw invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
  const now = account.now(clockOf(invoice))
  const customer = account.customers.get(String(invoice.customer), 'customer')
  const sequence = customer.next_invoice_sequence ?? 1
  customer.next_invoice_sequence = sequence + 1
  invoice.number = `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`
  invoice.status = 'open'
  invoice.status_transitions.finalized_at = now
  invoice.effective_at = now
  invoice.automatically_finalizes_at = null
  invoice.hosted_invoice_url = `${account.base}/i/${invoice.id}`
  invoice.invoice_pdf = `${account.base}/i/${invoice.id}/pdf`
  useCredit(account, invoice, customer)
  if (invoice.amount_due > 0) requestPayment(account, invoice)
  emit(account, 'invoice.finalized', invoice)
}

/** A credit is a negative balance: it is used up first, and an invoice below zero adds to it. */
function useCredit(account: Account, invoice: Stripe.Invoice, customer: Stripe.Customer): void {
  invoice.starting_balance = customer.balance
  const used = Math.min(invoice.total, Math.max(0, -customer.balance))
  invoice.amount_due = Math.max(0, invoice.total - used)
  invoice.amount_remaining = invoice.amount_due
  invoice.ending_balance = customer.balance + used
  emitChange(account, 'customer.updated', customer, (it) => {
    it.balance += used
    it.currency ??= invoice.currency
  })
}

function requestPayment(account: Account, invoice: Stripe.Invoice): void {
  const intent = openIntent(account, {
    customer: String(invoice.customer),
    amount: invoice.amount_due,
    currency: invoice.currency,
    description: 'Subscription',
    metadata: {},
    testClock: clockOf(invoice),
  })
  account.invoicePayments.add({
    id: account.newId('inpay_'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: intent.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: account.livemode,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  })
}

function intentOf(account: Account, invoice: Stripe.Invoice): Stripe.PaymentIntent | undefined {
  const id = paymentOf(account, invoice)?.payment.payment_intent
  return typeof id === 'string' ? account.paymentIntents.find(id) : undefined
}

export function paymentOf(account: Account, invoice: Stripe.Invoice): Stripe.InvoicePayment | undefined {
  return account.invoicePayments.all().find((payment) => payment.invoice === invoice.id)
}

/**
 * Tries once to collect an open invoice. Whether it is paid now.
 *
 * @param cardId another card than the standing one
 */
export function collectInvoice(account: Account, invoice: Stripe.Invoice, cardId?: string): boolean {
  if (invoice.amount_due === 0) {
    markPaid(account, invoice)
    return true
  }
  const payment = paymentOf(account, invoice)
  const intent = account.paymentIntents.get(String(payment?.payment.payment_intent))
  const own = subscriptionOf(account, invoice)?.default_payment_method
  const id = cardId ?? cardFor(account, String(invoice.customer), typeof own === 'string' ? own : null)
  const card = id === undefined ? undefined : account.paymentMethods.find(id)
  invoice.attempted = true
  invoice.attempt_count++
  if (card && tryCharge(account, intent, card)) {
    markPaid(account, invoice)
    return true
  }
  refuse(account, invoice)
  return false
}

/** @param outside the money came by another way than Stripe: its own payment is no longer waited for */
export function markPaid(account: Account, invoice: Stripe.Invoice, outside = false): void {
  const now = account.now(clockOf(invoice))
  invoice.status = 'paid'
  invoice.attempted = true
  invoice.amount_paid = invoice.amount_due
  invoice.amount_remaining = 0
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = now
  const payment = paymentOf(account, invoice)
  if (payment && outside) {
    payment.status = 'canceled'
    payment.status_transitions.canceled_at = now
  } else if (payment) {
    payment.status = 'paid'
    payment.amount_paid = invoice.amount_due
    payment.status_transitions.paid_at = now
    emit(account, 'invoice_payment.paid', payment)
  }
  emit(account, 'invoice.paid', invoice)
  emit(account, 'invoice.payment_succeeded', invoice)
  invoiceSettled(account, invoice)
}

/** Plans the next try, or gives up after the last. A payment that waits for the payer's bank counts as failed until then. */
function refuse(account: Account, invoice: Stripe.Invoice): void {
  const first = invoice.billing_reason === 'subscription_create'
  const days = first ? undefined : account.dunning.retryAfterDays[invoice.attempt_count - 1]
  invoice.next_payment_attempt = days === undefined ? null : account.now(clockOf(invoice)) + days * 86_400
  emit(account, 'invoice.payment_failed', invoice)
  if (intentOf(account, invoice)?.status === 'requires_action')
    emit(account, 'invoice.payment_action_required', invoice)
  invoiceRefused(account, invoice)
  if (days === undefined && !first) invoiceGivenUp(account, invoice)
}

export function voidInvoice(account: Account, invoice: Stripe.Invoice): void {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalid(`You can only pass in open invoices. This invoice isn't open (it is ${invoice.status}).`)
  }
  invoice.status = 'void'
  invoice.next_payment_attempt = null
  invoice.status_transitions.voided_at = account.now(clockOf(invoice))
  emit(account, 'invoice.voided', invoice)
  cancelPayment(account, invoice)
  invoiceVoided(account, invoice)
}

/** Nobody can pay a void invoice any more, whatever they tell their bank. */
function cancelPayment(account: Account, invoice: Stripe.Invoice): void {
  const intent = intentOf(account, invoice)
  if (!intent || intent.status === 'succeeded' || intent.status === 'canceled') return
  intent.status = 'canceled'
  intent.canceled_at = account.now(clockOf(invoice))
  intent.cancellation_reason = 'void_invoice'
  intent.next_action = null
  emit(account, 'payment_intent.canceled', intent)
}

export function markUncollectible(account: Account, invoice: Stripe.Invoice): void {
  if (invoice.status !== 'open')
    throw invalid(`You can only pass in open invoices. This invoice isn't open (it is ${invoice.status}).`)
  invoice.status = 'uncollectible'
  invoice.next_payment_attempt = null
  invoice.status_transitions.marked_uncollectible_at = account.now(clockOf(invoice))
  emit(account, 'invoice.marked_uncollectible', invoice)
  invoiceSettled(account, invoice)
}
