import { AppError } from '@sath/core'
import type { NewStripeEvent } from '@sath/db'
import Stripe from 'stripe'
import { z } from 'zod'
import type { Billing } from './billing.js'
import { isTelling } from './event-types.js'
import { idOf } from './fetch-customer.js'

/** Seconds that a signature is good for. Never 0: to the SDK that is for ever. */
const toleranceSeconds = 300

/**
 * Reads what came to the webhook, if Stripe signed these very bytes a moment ago.
 *
 * @throws AppError bad-signature, invalid-request (signed, and no event)
 */
export function readEvent(
  body: Buffer,
  signature: string | undefined,
  { webhookSecret, livemode: ours }: Pick<Billing, 'webhookSecret' | 'livemode'>,
): NewStripeEvent {
  const json = body.toString('utf8')
  let event: unknown
  try {
    event = Stripe.webhooks.constructEvent(json, signature ?? '', webhookSecret, toleranceSeconds)
  } catch {
    throw new AppError('bad-signature', 'This is not signed by Stripe, or was signed too long ago.')
  }
  const read = Snapshot.safeParse(event)
  if (!read.success) throw new AppError('invalid-request', 'This is signed, and is no event.')
  const { id, type, livemode, api_version: apiVersion, data } = read.data
  const outcome = livemode !== ours ? 'other-livemode' : isTelling(type) ? undefined : 'ignored'
  return { id, type, livemode, apiVersion, customerId: customerOf(data.object), json, outcome }
}

const Snapshot = z.object({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  livemode: z.boolean(),
  api_version: z
    .string()
    .max(60)
    .nullish()
    .transform((version) => version ?? null),
  data: z.object({ object: z.looseObject({}) }),
})

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
