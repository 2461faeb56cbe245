import type Stripe from 'stripe'
import type { Account } from './account.js'
import { emit, emitChange } from './emit.js'
import { datedPage, datedPaging } from './pages.js'
import { clearable, list, mergeMetadata, metadata, object, text } from './parameters.js'
import { type Route, route } from './route.js'
import { endSubscription } from './subscription-end.js'

const fields = {
  email: clearable(text),
  name: clearable(text),
  phone: clearable(text),
  description: clearable(text),
  metadata,
  preferred_locales: list(text),
  invoice_settings: object({ default_payment_method: clearable(text) }),
}

export const customerRoutes: readonly Route[] = [
  route('POST', '/v1/customers', { ...fields, payment_method: text, test_clock: text }, ({ account, params }) => {
    if (params.test_clock !== undefined) account.testClocks.get(params.test_clock, 'test_clock')
    const customer = addCustomer(account, { ...params, testClock: params.test_clock ?? null })
    if (params.payment_method !== undefined) account.paymentMethods.get(params.payment_method).customer = customer.id
    const card = params.invoice_settings?.default_payment_method
    if (card) customer.invoice_settings.default_payment_method = account.paymentMethods.get(card).id
    return customer
  }),
  route('GET', '/v1/customers/:id', {}, ({ account, id }) =>
    account.deletedCustomers.has(id) ? { id, object: 'customer', deleted: true } : account.customers.get(id),
  ),
  route('POST', '/v1/customers/:id', fields, ({ account, id, params }) => {
    const customer = account.customers.get(id)
    const card = params.invoice_settings?.default_payment_method
    if (card) account.paymentMethods.get(card, 'invoice_settings[default_payment_method]')
    emitChange(account, 'customer.updated', customer, () => {
      for (const field of ['email', 'name', 'phone', 'description'] as const) {
        const value = params[field]
        if (value !== undefined) customer[field] = value === '' ? null : value
      }
      if (params.preferred_locales) customer.preferred_locales = [...params.preferred_locales]
      if (card !== undefined) customer.invoice_settings.default_payment_method = card === '' ? null : card
      customer.metadata = mergeMetadata(customer.metadata, params.metadata)
    })
    return customer
  }),
  route('GET', '/v1/customers', { ...datedPaging, email: text, test_clock: text }, ({ account, params }) => {
    const { email, test_clock } = params
    const found = account.customers
      .all()
      .filter((customer) => email === undefined || customer.email === email)
      .filter((customer) =>
        test_clock === undefined ? customer.test_clock === null : customer.test_clock === test_clock,
      )
    return datedPage('/v1/customers', found, params)
  }),
  route('DELETE', '/v1/customers/:id', {}, ({ account, id }) => deleteCustomer(account, id)),
]

export interface NewCustomer {
  readonly email?: string | undefined
  readonly name?: string | undefined
  readonly phone?: string | undefined
  readonly description?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | '' | undefined
  readonly preferred_locales?: readonly string[] | undefined
  readonly testClock: string | null
}

export function addCustomer(account: Account, fresh: NewCustomer): Stripe.Customer {
  const customer = account.customers.add({
    id: account.newId('cus_', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: account.now(fresh.testClock),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: fresh.description || null,
    email: fresh.email || null,
    invoice_prefix: account.newId('', 8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: account.livemode,
    metadata: mergeMetadata(null, fresh.metadata),
    name: fresh.name || null,
    next_invoice_sequence: 1,
    phone: fresh.phone || null,
    preferred_locales: [...(fresh.preferred_locales ?? [])],
    shipping: null,
    tax_exempt: 'none',
    test_clock: fresh.testClock,
  })
  emit(account, 'customer.created', customer)
  return customer
}

/** Ends the customer's subscriptions at once and leaves only the id, as Stripe does. */
export function deleteCustomer(account: Account, id: string): Stripe.DeletedCustomer {
  const customer = account.customers.get(id)
  for (const subscription of account.subscriptions.all()) {
    if (subscription.customer === id) endSubscription(account, subscription, 'cancellation_requested')
  }
  emit(account, 'customer.deleted', customer)
  account.customers.remove(id)
  account.deletedCustomers.add(id)
  return { id, object: 'customer', deleted: true }
}
