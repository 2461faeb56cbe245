import { money } from '@sath/core'
import { customerOf, type Db } from '@sath/db'
import type Stripe from 'stripe'
import type { Billing } from './billing.js'
import { isMissing } from './stripe-refusal.js'

/** Invoices of a user, newest first. The cursor is the id of the last one seen. @throws Stripe's errors */
export async function listInvoices(
  db: Db,
  { stripe }: Billing,
  userId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const known = await customerOf(db, userId)
  if (!known) return { items: [], nextCursor: null }
  try {
    const { data, has_more } = await stripe.invoices.list({
      customer: known.customerId,
      limit,
      ...(cursor === undefined ? {} : { starting_after: cursor }),
    })
    return { items: data.map(invoiceView), nextCursor: has_more ? (data.at(-1)?.id ?? null) : null }
  } catch (error) {
    if (isMissing(error)) return { items: [], nextCursor: null }
    throw error
  }
}

function invoiceView(invoice: Stripe.Invoice) {
  const amount = (minor: number) => money.minorToDecimal(BigInt(minor), invoice.currency)
  return {
    id: invoice.id,
    number: invoice.number,
    status: invoice.status ?? 'draft',
    total: amount(invoice.total),
    paid: amount(invoice.amount_paid),
    due: amount(invoice.amount_remaining),
    currency: invoice.currency.toUpperCase(),
    createdAt: new Date(invoice.created * 1_000).toISOString(),
    url: invoice.hosted_invoice_url ?? null,
    pdf: invoice.invoice_pdf ?? null,
  }
}
