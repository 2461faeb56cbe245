import {
  type ClaimedEvents,
  claimStripeEvents,
  finishStripeEvents,
  leavingType,
  retryStripeEvents,
  type StripeEventRow,
} from '@sath/db'
import { errorFields } from '../http/error-fields.js'
import { idOf } from './fetch-customer.js'
import { isMissing, withoutWords } from './stripe-refusal.js'
import { type SyncParts, syncCustomer } from './sync-customer.js'

export interface EventParts extends SyncParts {
  /** Names this program in claims. */
  readonly owner: string
}

/** Longer than a look at a customer may take with all its retries. */
const claimSeconds = 120
const maxWaitSeconds = 600
/** About a day of tries; the sweep goes on after that, but not with a wish of our own. */
const maxAttempts = 150

/** Deals with the events of one customer that wait. False: none is due. */
export async function handleEvents(parts: EventParts): Promise<boolean> {
  const { db, owner } = parts
  const claimed = await claimStripeEvents(db, { owner, seconds: claimSeconds })
  if (!claimed) return false
  await handle(parts, claimed)
  return true
}

async function handle(parts: EventParts, { token, customerId, events }: ClaimedEvents): Promise<void> {
  const ids = events.map(({ id }) => id)
  try {
    const [first] = events
    if (first?.type === leavingType) {
      await deleteCustomer(parts, String(bodyOf(first).customer))
      await finishStripeEvents(parts.db, token, ids, 'done')
      return
    }
    const customer = customerId ?? (await customerOfDispute(parts, events))
    const synced = customer === undefined ? 'nobody' : await syncCustomer(parts, customer)
    await finishStripeEvents(parts.db, token, ids, synced === 'nobody' ? 'ignored' : 'done')
  } catch (thrown) {
    await putOff(parts, token, events, withoutWords(thrown))
  }
}

/** Ends what its user would still pay for, and forgets the address there. */
async function deleteCustomer({ billing: { stripe } }: EventParts, customer: string): Promise<void> {
  await stripe.customers.del(customer).catch((error: unknown) => {
    if (!isMissing(error)) throw error
  })
}

/** A dispute names a charge only. */
async function customerOfDispute(
  { billing: { stripe } }: EventParts,
  events: readonly StripeEventRow[],
): Promise<string | undefined> {
  for (const event of events) {
    const { object } = (bodyOf(event).data ?? {}) as { object?: { charge?: string | { id: string } | null } }
    const charge = idOf(object?.charge)
    if (charge !== undefined) return idOf((await stripe.charges.retrieve(charge)).customer)
  }
  return undefined
}

function bodyOf({ body }: StripeEventRow): Record<string, unknown> {
  return JSON.parse(body)
}

async function putOff({ db, log }: EventParts, token: string, events: readonly StripeEventRow[], fault: unknown) {
  const attempt = Math.max(...events.map(({ attempts }) => attempts))
  const error = fault instanceof Error ? fault.message : 'unknown'
  const seconds = Math.min(2 ** Math.min(attempt, 10), maxWaitSeconds)
  log.warn({ err: errorFields(fault), attempt, seconds }, 'events of Stripe wait')
  const given = events
    .filter(({ type, attempts }) => type !== leavingType && attempts >= maxAttempts)
    .map(({ id }) => id)
  if (given.length > 0) await finishStripeEvents(db, token, given, 'failed', error)
  await retryStripeEvents(db, token, { seconds, error })
}
