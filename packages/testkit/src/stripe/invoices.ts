import type Stripe from 'stripe'
import type { Account } from './account.js'
import { wireCopy } from './emit.js'
import { collectInvoice, finalizeInvoice, markPaid, markUncollectible, paymentOf, voidInvoice } from './invoice-life.js'
import { previewInvoice, previewShape } from './invoice-preview.js'
import { datedPage, datedPaging, page, paging } from './pages.js'
import { flag, object, oneOf, text } from './parameters.js'
import { type Route, route } from './route.js'
import { actionRequired, declined, invalid } from './stripe-fault.js'

const filters = {
  ...datedPaging,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  customer: text,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text,
}

export const invoiceRoutes: readonly Route[] = [
  route('GET', '/v1/invoices', filters, ({ account, params }) => {
    const { customer, status, subscription, collection_method } = params
    const found = account.invoices
      .all()
      .filter((invoice) =>
        [
          customer === undefined || invoice.customer === customer,
          status === undefined || invoice.status === status,
          collection_method === undefined || invoice.collection_method === collection_method,
          subscription === undefined || invoice.parent?.subscription_details?.subscription === subscription,
        ].every(Boolean),
      )
    return datedPage('/v1/invoices', found, params)
  }),
  route('POST', '/v1/invoices/create_preview', previewShape, ({ account, params }) => previewInvoice(account, params)),
  route('GET', '/v1/invoices/:id', {}, ({ account, id }) => account.invoices.get(id, 'invoice')),
  route('GET', '/v1/invoices/:id/lines', paging, ({ account, id, params }) =>
    page(`/v1/invoices/${id}/lines`, account.invoices.get(id, 'invoice').lines.data.toReversed(), params),
  ),
  route('POST', '/v1/invoices/:id/finalize', { auto_advance: flag }, ({ account, id, params }) => {
    const invoice = account.invoices.get(id, 'invoice')
    invoice.auto_advance = params.auto_advance ?? invoice.auto_advance ?? true
    finalizeInvoice(account, invoice)
    return invoice
  }),
  route(
    'POST',
    '/v1/invoices/:id/pay',
    { payment_method: text, paid_out_of_band: flag, off_session: flag },
    ({ account, id, params }) => payInvoice(account, account.invoices.get(id, 'invoice'), params),
  ),
  route('POST', '/v1/invoices/:id/void', {}, ({ account, id }) => {
    const invoice = account.invoices.get(id, 'invoice')
    voidInvoice(account, invoice)
    return invoice
  }),
  route('POST', '/v1/invoices/:id/mark_uncollectible', {}, ({ account, id }) => {
    const invoice = account.invoices.get(id, 'invoice')
    markUncollectible(account, invoice)
    return invoice
  }),
  route(
    'GET',
    '/v1/invoice_payments',
    { ...paging, invoice: text, payment: object({ type: oneOf('payment_intent'), payment_intent: text }) },
    ({ account, params }) => {
      const { invoice, payment } = params
      const found = account.invoicePayments
        .all()
        .filter((row) => invoice === undefined || row.invoice === invoice)
        .filter((row) => payment?.payment_intent === undefined || row.payment.payment_intent === payment.payment_intent)
      return page('/v1/invoice_payments', found, params)
    },
  ),
]

interface PayFields {
  readonly payment_method: string | undefined
  readonly paid_out_of_band: boolean | undefined
}

/** @throws StripeFault 402 when the card refuses, 400 when there is nothing to pay */
export function payInvoice(account: Account, invoice: Stripe.Invoice, fields: PayFields): Stripe.Invoice {
  if (invoice.status === 'draft') finalizeInvoice(account, invoice)
  if (invoice.status === 'paid') throw invalid('Invoice is already paid')
  if (invoice.status === 'void') throw invalid('This invoice can no longer be paid')
  if (fields.paid_out_of_band) {
    markPaid(account, invoice, true)
    return invoice
  }
  if (fields.payment_method !== undefined) account.paymentMethods.get(fields.payment_method, 'payment_method')
  if (!collectInvoice(account, invoice, fields.payment_method)) {
    const intent = account.paymentIntents.get(String(paymentOf(account, invoice)?.payment.payment_intent))
    if (intent.status === 'requires_action') throw actionRequired('invoice', wireCopy(intent))
    if (intent.latest_charge === null) {
      throw invalid(
        'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
        { code: 'resource_missing' },
      )
    }
    throw declined(wireCopy(intent), String(intent.latest_charge))
  }
  return invoice
}
