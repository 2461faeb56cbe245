import type Stripe from 'stripe'
import type { Billing } from './billing.js'
import type { PaidInvoice } from './ledger-rows.js'
import { isMissing } from './stripe-refusal.js'
import { type SubscriptionState, subscriptionState } from './subscription-state.js'

/** A customer of Stripe's with all that is read of it. */
export interface FetchedCustomer {
  /** The user whom we made it for, by what we wrote on it and on its subscriptions; undefined: none. */
  readonly userId: string | undefined
  /** Deleted in Stripe, or never there. */
  readonly isGone: boolean
  readonly subscriptions: readonly FetchedSubscription[]
}

export interface FetchedSubscription {
  readonly state: SubscriptionState
  /** Its paid invoices, the latest first. */
  readonly paid: readonly PaidInvoice[]
  /** Its invoices that are still to be paid. */
  readonly open: readonly Stripe.Invoice[]
}

/** Names the user in the metadata of customers and subscriptions. */
export const userMetadata = 'sath_user'

const page = { limit: 100 } as const

/** Reads a customer from Stripe. Nothing is kept of events: this alone decides. @throws Stripe's errors */
export async function fetchCustomer({ stripe, soldOf }: Billing, customer: string): Promise<FetchedCustomer> {
  const [found, subscriptions, invoices, charges] = await Promise.all([
    absentAs(undefined, stripe.customers.retrieve(customer)),
    absentAs([], all(stripe.subscriptions.list({ customer, status: 'all', expand: ['data.latest_invoice'], ...page }))),
    absentAs([], all(stripe.invoices.list({ customer, expand: ['data.payments'], ...page }))),
    absentAs([], all(stripe.charges.list({ customer, ...page }))),
  ])
  const byIntent = new Map(charges.flatMap((charge) => (charge.paid ? [[intentOf(charge), charge] as const] : [])))
  const disputed = await disputedCharges(stripe, charges)
  const plans = new Map<string, string | undefined>()
  for (const invoice of invoices) plans.set(invoice.id, (await soldOf(lastPrice(invoice)))?.planId)
  return {
    userId: [found?.deleted ? undefined : found, ...subscriptions].flatMap((it) => it?.metadata[userMetadata] ?? [])[0],
    isGone: found === undefined || found.deleted === true,
    subscriptions: subscriptions.map((it) => {
      const mine = invoices.filter((invoice) => subscriptionOf(invoice) === it.id)
      const paid = mine
        .flatMap((invoice) => paidInvoice(invoice, plans.get(invoice.id), byIntent, disputed))
        .sort((a, b) => b.paidAt - a.paidAt)
      const open = mine.filter(({ status }) => status === 'open')
      const dues = {
        pastDueSince: open.length === 0 ? null : Math.min(...open.map(({ created }) => created * 1_000)),
        disputed: paid[0]?.isDisputed ?? false,
      }
      return { state: subscriptionState(it, dues), paid, open }
    }),
  }
}

function paidInvoice(
  invoice: Stripe.Invoice,
  planId: string | undefined,
  charges: ReadonlyMap<string | undefined, Stripe.Charge>,
  disputed: ReadonlySet<string>,
): PaidInvoice[] {
  if (invoice.status !== 'paid' || invoice.amount_paid === 0) return []
  const payment = invoice.payments?.data.find(({ status }) => status === 'paid')?.payment
  const intent = idOf(payment?.payment_intent)
  const charge = intent === undefined ? undefined : charges.get(intent)
  return [
    {
      invoice,
      planId,
      intentId: intent ?? null,
      chargeId: charge?.id ?? null,
      refunded: charge?.amount_refunded ?? 0,
      isDisputed: charge !== undefined && disputed.has(charge.id),
      paidAt: (invoice.status_transitions.paid_at ?? invoice.created) * 1_000,
    },
  ]
}

/** The last line sells what a change of plan is to, after what it is from. */
function lastPrice({ lines }: Stripe.Invoice): string | undefined {
  return idOf(lines.data.at(-1)?.pricing?.price_details?.price)
}

/** Charges under a dispute that is not won. An inquiry that came to nothing is none. */
async function disputedCharges(stripe: Stripe, charges: readonly Stripe.Charge[]): Promise<ReadonlySet<string>> {
  const contested = charges.filter((charge) => charge.disputed)
  const found = await Promise.all(contested.map((charge) => all(stripe.disputes.list({ charge: charge.id, ...page }))))
  const standing = found.flat().filter(({ status }) => !['won', 'warning_closed', 'prevented'].includes(status))
  return new Set(standing.map(({ charge }) => idOf(charge) ?? ''))
}

function subscriptionOf({ parent }: Stripe.Invoice): string | undefined {
  return idOf(parent?.subscription_details?.subscription)
}

function intentOf({ payment_intent }: Stripe.Charge): string | undefined {
  return idOf(payment_intent)
}

export function idOf(named: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof named === 'object' ? named?.id : named
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const rows: T[] = []
  for await (const row of list) rows.push(row)
  return rows
}

async function absentAs<T>(nothing: T, found: Promise<T>): Promise<T> {
  try {
    return await found
  } catch (error) {
    if (isMissing(error)) return nothing
    throw error
  }
}
