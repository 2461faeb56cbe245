import {
  type ClaimedEvents,
  claimStripeEvents,
  finishStripeEvents,
  retryStripeEvents,
  type StripeEventRow,
} from '@sath/db'
import { errorFields } from '../http/error-fields.js'
import { isTelling } from './event-types.js'
import { idOf } from './fetch-customer.js'
import { withoutWords } from './stripe-refusal.js'
import { type SyncParts, syncCustomer } from './sync-customer.js'

export interface EventParts extends SyncParts {
  /** Names this program in claims. */
  readonly owner: string
}

/** Longer than a look at a customer may take with all its retries. */
const claimSeconds = 120
const maxWaitSeconds = 600
/** About a day of tries; the sweep goes on after that. */
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
  const { db, billing, log } = parts
  const finish = (rows: readonly StripeEventRow[], outcome: 'done' | 'ignored' | 'other-livemode') =>
    rows.length === 0
      ? undefined
      : finishStripeEvents(
          db,
          token,
          rows.map(({ id }) => id),
          outcome,
        )
  const foreign = events.filter(({ livemode }) => livemode !== billing.livemode)
  if (foreign.length > 0)
    log.warn({ events: foreign.length, livemode: billing.livemode }, 'events of the other livemode')
  await finish(foreign, 'other-livemode')
  const own = events.filter(({ livemode }) => livemode === billing.livemode)
  const bells = own.filter(({ type }) => isTelling(type))
  await finish(
    own.filter(({ type }) => !isTelling(type)),
    'ignored',
  )
  if (bells.length === 0) return
  try {
    const customer = customerId ?? (await customerOfDispute(parts, bells))
    const synced = customer === undefined ? 'nobody' : await syncCustomer(parts, customer)
    await finish(bells, synced === 'nobody' ? 'ignored' : 'done')
  } catch (thrown) {
    await putOff(parts, token, bells, withoutWords(thrown))
  }
}

/** A dispute names a charge only. */
async function customerOfDispute(
  { billing: { stripe } }: EventParts,
  bells: readonly StripeEventRow[],
): Promise<string | undefined> {
  for (const { body } of bells) {
    const { object } = (body.data ?? {}) as { object?: { charge?: string | { id: string } | null } }
    const charge = idOf(object?.charge)
    if (charge !== undefined) return idOf((await stripe.charges.retrieve(charge)).customer)
  }
  return undefined
}

async function putOff({ db, log }: EventParts, token: string, bells: readonly StripeEventRow[], fault: unknown) {
  const attempt = Math.max(...bells.map(({ attempts }) => attempts))
  const error = fault instanceof Error ? fault.message : 'unknown'
  const seconds = Math.min(2 ** Math.min(attempt, 10), maxWaitSeconds)
  log.warn({ err: errorFields(fault), attempt, seconds }, 'events of Stripe wait')
  const given = bells.filter(({ attempts }) => attempts >= maxAttempts).map(({ id }) => id)
  if (given.length > 0) await finishStripeEvents(db, token, given, 'failed', error)
  await retryStripeEvents(db, token, { seconds, error })
}
