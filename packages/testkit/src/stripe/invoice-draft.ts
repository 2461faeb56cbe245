import type Stripe from 'stripe'
import type { Account } from './account.js'
import type { Period } from './billing-period.js'
import { whole } from './pages.js'
import { missing } from './stripe-fault.js'
import { clockOf } from './subscription-end.js'

export interface InvoiceFields {
  readonly customer: string
  /** Undefined for a preview of a subscription that does not exist yet. */
  readonly subscription: Stripe.Subscription | undefined
  readonly lines: Stripe.InvoiceLineItem[]
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'upcoming'
  readonly period: Period
  readonly currency: string
  /** Epoch seconds; undefined when it is finalized by hand or at once. */
  readonly finalizesAt?: number | undefined
  /** Whether it is collected by itself. Default true. */
  readonly autoAdvance?: boolean
}

/** An invoice that nobody has seen yet: not stored, no event. */
export function composeInvoice(account: Account, id: string, fields: InvoiceFields): Stripe.Invoice {
  const customer = account.customers.find(fields.customer)
  if (!customer) throw missing('customer', fields.customer, 'customer')
  const clock = clockOf(customer)
  const total = fields.lines.reduce((sum, line) => sum + line.amount, 0)
  const due = Math.max(0, total + Math.min(0, customer.balance))
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Sath',
    account_tax_ids: null,
    amount_due: due,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: due,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: fields.autoAdvance ?? true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: fields.finalizesAt ?? null,
    billing_reason: fields.reason,
    collection_method: 'charge_automatically',
    created: account.now(clock),
    currency: fields.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: whole(
      `/v1/invoices/${id}/lines`,
      fields.lines.map((line) => ({ ...line, invoice: id })),
    ),
    livemode: account.livemode,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: parentOf(fields.subscription),
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: fields.period.end,
    period_start: fields.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: clock,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  }
}

function parentOf(subscription: Stripe.Subscription | undefined): Stripe.Invoice.Parent | null {
  if (!subscription) return null
  return {
    quote_details: null,
    subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
    type: 'subscription_details',
  }
}
