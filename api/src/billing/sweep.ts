import { knownCustomers, sweepStripeEvents } from '@sath/db'
import { errorFields } from '../http/error-fields.js'
import { idOf, userMetadata } from './fetch-customer.js'
import { withoutWords } from './stripe-refusal.js'
import { type SyncParts, syncCustomer } from './sync-customer.js'

export interface Swept {
  readonly customers: number
  /** Whose plan was not what Stripe says. */
  readonly repaired: number
  readonly failed: number
}

const dayMs = 86_400_000
/** Bodies of events hold addresses. */
const keepEventsDays = 30

/**
 * Compares every customer of ours with Stripe and repairs: those that we know, and those with a subscription in Stripe that
 * name a user of ours. Makes up for every event that was lost.
 */
export async function sweepStripe(parts: SyncParts): Promise<Swept> {
  const { db, billing, log } = parts
  const customers = new Set(await knownCustomers(db))
  // Those that are over, too: what was paid for them belongs into the ledger.
  for await (const { customer, metadata } of billing.stripe.subscriptions.list({ status: 'all', limit: 100 }))
    if (metadata[userMetadata]) customers.add(idOf(customer) ?? '')
  let [repaired, failed] = [0, 0]
  for (const customer of customers) {
    try {
      if ((await syncCustomer(parts, customer)) === 'changed') repaired++
    } catch (error) {
      failed++
      log.warn({ err: errorFields(withoutWords(error)) }, 'a customer could not be compared with Stripe')
    }
  }
  await sweepStripeEvents(db, keepEventsDays)
  return { customers: customers.size, repaired, failed }
}

/** Sweeps a minute after the start and then daily; one that Stripe did not answer, or not for everybody, is made again soon. */
export function startStripeSweep(
  parts: SyncParts,
  { firstMs = 60_000, everyMs = dayMs, againMs = 600_000 } = {},
): { stop(): Promise<void> } {
  const { log } = parts
  let running: Promise<void> = Promise.resolve()
  let timer = setTimeout(sweep, firstMs)

  function sweep(): void {
    running = sweepStripe(parts)
      .then(
        (swept) => {
          log.info({ ...swept }, 'compared with Stripe')
          return swept.failed === 0
        },
        (error: unknown) => {
          log.warn({ err: errorFields(withoutWords(error)) }, 'the comparison with Stripe waits')
          return false
        },
      )
      .then((isDone) => {
        timer = setTimeout(sweep, isDone ? everyMs : againMs)
      })
  }

  return {
    async stop() {
      clearTimeout(timer)
      await running
      clearTimeout(timer)
    },
  }
}
