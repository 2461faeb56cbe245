import { customerOf, type Db, forgetCustomer, keepCustomer } from '@sath/db'
import type Stripe from 'stripe'
import type { Billing } from './billing.js'
import { userMetadata } from './fetch-customer.js'
import { isMissing } from './stripe-refusal.js'

/** A user as Stripe gets to know them. */
export interface Payer {
  readonly id: string
  readonly email: string
  readonly locale: string
}

/**
 * The user's customer in Stripe, made on first use: one ever, since everybody who makes it says the same key. One that was
 * deleted there is followed by another. @throws Stripe's errors
 */
export async function ensureCustomer(db: Db, billing: Billing, payer: Payer): Promise<string> {
  const { stripe, livemode } = billing
  const known = await customerOf(db, payer.id)
  if (known) {
    const { customerId } = known
    if (!(await isDeleted(stripe, customerId))) return customerId
    await forgetCustomer(db, customerId)
  }
  const made = await makeCustomer(stripe, payer)
  const kept = await keepCustomer(db, { tenantId: payer.id, customerId: made, livemode })
  return kept?.customerId ?? made
}

async function makeCustomer(stripe: Stripe, { id, email, locale }: Payer): Promise<string> {
  let key = `sath-customer-${id}`
  for (;;) {
    // Stripe refuses a key that comes with other words than at first: what may change meanwhile is written afterwards.
    const made = await stripe.customers.create({ metadata: { [userMetadata]: id } }, { idempotencyKey: key })
    // A key that was used within a day answers with the customer of then, which may be deleted by now.
    if (!(await isDeleted(stripe, made.id))) {
      await stripe.customers.update(made.id, { email, preferred_locales: [locale] })
      return made.id
    }
    key = `sath-customer-${id}-after-${made.id}`
  }
}

async function isDeleted(stripe: Stripe, customer: string): Promise<boolean> {
  try {
    return (await stripe.customers.retrieve(customer)).deleted === true
  } catch (error) {
    if (isMissing(error)) return true
    throw error
  }
}
