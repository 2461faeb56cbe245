import type { Account } from './account.js'
import { wireCopy } from './emit.js'
import { whole } from './pages.js'
import { invalid } from './stripe-fault.js'

type Wire = Record<string, unknown>

/** Parts that an object has only when they are asked for, by object and field. */
const onRequest: Readonly<Record<string, Readonly<Record<string, (account: Account, id: string) => unknown>>>> = {
  invoice: {
    payments: (account, id) =>
      whole(
        `/v1/invoice_payments?invoice=${id}`,
        account.invoicePayments.all().filter(({ invoice }) => invoice === id),
      ),
    confirmation_secret: (account, id) => {
      const payment = account.invoicePayments.all().find(({ invoice }) => invoice === id)?.payment.payment_intent
      const secret = typeof payment === 'string' ? account.paymentIntents.find(payment)?.client_secret : null
      return secret ? { client_secret: secret, type: 'payment_intent' } : null
    },
  },
  customer: {
    subscriptions: (account, id) =>
      whole(
        `/v1/customers/${id}/subscriptions`,
        account.subscriptions.all().filter(({ customer, status }) => customer === id && status !== 'canceled'),
      ),
  },
  'checkout.session': {
    line_items: (account, id) => whole(`/v1/checkout/sessions/${id}/line_items`, account.sessionLines.get(id) ?? []),
  },
  payment_link: {
    line_items: (account, id) => whole(`/v1/payment_links/${id}/line_items`, account.sessionLines.get(id) ?? []),
  },
  charge: {
    refunds: (account, id) =>
      whole(
        `/v1/charges/${id}/refunds`,
        account.refunds.all().filter(({ charge }) => charge === id),
      ),
  },
}

/**
 * A copy of the answer with ids replaced by what they name.
 *
 * @param paths such as `latest_invoice.payments` or `data.customer`
 * @throws StripeFault 400 for a path that cannot be expanded or is deeper than four levels
 */
export function expand(account: Account, answer: unknown, paths: readonly string[]): unknown {
  const copy = wireCopy(answer)
  for (const path of paths) {
    const segments = path.split('.')
    const depth = segments.filter((segment) => segment !== 'data').length
    if (depth > 4) throw invalid('You cannot expand more than 4 levels of a property', { param: 'expand' })
    expandPath(account, copy, segments, path)
  }
  return copy
}

function expandPath(account: Account, holder: Wire, [field = '', ...rest]: readonly string[], path: string): void {
  if (holder.deleted === true) return
  const extra = typeof holder.object === 'string' ? onRequest[holder.object]?.[field] : undefined
  if (extra && typeof holder.id === 'string') holder[field] ??= copyOf(extra(account, holder.id))
  const value = holder[field]
  if (value === undefined) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' })
  if (typeof value === 'string') {
    const named = findById(account, value)
    if (!named) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' })
    holder[field] = named
  }
  if (rest.length === 0) return
  const inner = holder[field]
  for (const each of Array.isArray(inner) ? inner : [inner]) {
    if (isWire(each)) expandPath(account, each, rest, path)
  }
}

function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null
}

function copyOf(value: unknown): unknown {
  return value === null ? null : wireCopy(value)
}

function findById(account: Account, id: string): Wire | undefined {
  if (account.deletedCustomers.has(id)) return { id, object: 'customer', deleted: true }
  const shelves = [
    account.customers,
    account.products,
    account.prices,
    account.paymentMethods,
    account.paymentIntents,
    account.charges,
    account.refunds,
    account.invoices,
    account.subscriptions,
    account.sessions,
    account.paymentLinks,
    account.testClocks,
  ]
  for (const { find } of shelves) {
    const row = find(id)
    if (row) return wireCopy(row)
  }
  return undefined
}
