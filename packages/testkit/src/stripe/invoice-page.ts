import type Stripe from 'stripe'
import { amountText } from './amounts.js'
import { buttonForm, escaped, htmlPage } from './html.js'
import { payInvoice } from './invoices.js'
import { attachCard } from './payment-methods.js'
import { pdfOfLines } from './pdf.js'
import { html, redirect, type WebPage } from './web-page.js'

/** `hosted_invoice_url` with its Pay button, `invoice_pdf`, and the receipt of a charge. */
export const invoicePages: readonly WebPage[] = [
  {
    method: 'GET',
    path: /^\/i\/([^/]+)$/,
    answer: (account, id) => {
      const invoice = account.invoices.get(id, 'invoice')
      const rows = lineTexts(invoice).map(
        ([what, amount]) => `<tr><td>${escaped(what)}</td><td>${escaped(amount)}</td></tr>`,
      )
      const pay = invoice.status === 'open' ? buttonForm(`/i/${id}/pay`, 'Pay') : ''
      const state = `<p>Status: <strong>${invoice.status}</strong></p>`
      return html(htmlPage(`Invoice ${invoice.number}`, `<table>${rows.join('')}</table>${state}${pay}`))
    },
  },
  {
    method: 'POST',
    path: /^\/i\/([^/]+)\/pay$/,
    answer: (account, id) => {
      const invoice = account.invoices.get(id, 'invoice')
      const card = attachCard(account, 'pm_card_visa', account.customers.get(String(invoice.customer)))
      payInvoice(account, invoice, { payment_method: card.id, paid_out_of_band: undefined })
      return redirect(`/i/${id}`)
    },
  },
  {
    method: 'GET',
    path: /^\/i\/([^/]+)\/pdf$/,
    answer: (account, id) => {
      const invoice = account.invoices.get(id, 'invoice')
      const lines = lineTexts(invoice).map(([what, amount]) => `${what}: ${amount}`)
      return { kind: 'pdf', body: pdfOfLines([`Invoice ${invoice.number}`, ...lines, `Status: ${invoice.status}`]) }
    },
  },
  {
    method: 'GET',
    path: /^\/receipts\/([^/]+)$/,
    answer: (account, id) => {
      const charge = account.charges.get(id, 'charge')
      const refunded = `<p>Refunded: ${amountText(charge.amount_refunded, charge.currency)}</p>`
      return html(htmlPage('Receipt', `<p>Paid: ${amountText(charge.amount, charge.currency)}</p>${refunded}`))
    },
  },
]

function lineTexts(invoice: Stripe.Invoice): readonly (readonly [string, string])[] {
  const { currency } = invoice
  return [
    ...invoice.lines.data.map(({ description, amount }) => [description ?? '', amountText(amount, currency)] as const),
    ['Total', amountText(invoice.total, currency)],
    ['Amount due', amountText(invoice.amount_due, currency)],
  ]
}
