import { AppError } from '@sath/core'
import type { NewStripeEvent } from '@sath/db'
import Stripe from 'stripe'
import { idOf } from './fetch-customer.js'

/** Seconds that a signature is good for. Never 0: to the SDK that is for ever. */
const toleranceSeconds = 300

/**
 * Reads what came to the webhook, if Stripe signed these very bytes a moment ago.
 *
 * @throws AppError bad-signature
 */
export function readEvent(body: Buffer, signature: string | undefined, secret: string): NewStripeEvent {
  const json = body.toString('utf8')
  let event: Stripe.Event
  try {
    event = Stripe.webhooks.constructEvent(body, signature ?? '', secret, toleranceSeconds)
  } catch {
    throw new AppError('bad-signature', 'This is not signed by Stripe, or was signed too long ago.')
  }
  const { id, type, livemode, api_version, data } = event
  return { id, type, livemode, apiVersion: api_version, customerId: customerOf(data.object), json }
}

function customerOf(object: object): string | null {
  const {
    object: kind,
    id,
    customer,
  } = object as {
    readonly object?: unknown
    readonly id?: unknown
    readonly customer?: string | { readonly id: string } | null
  }
  if (kind === 'customer') return typeof id === 'string' ? id : null
  return idOf(customer) ?? null
}
