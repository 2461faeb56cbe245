import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Database } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { freePort, type Teardown } from '@sath/testkit'
import { createStripePeer, type StripePeer } from '@sath/testkit/stripe'
import { type Sath, type SathOptions, startSath } from './sath.js'

export interface SathWithStripe extends Sath {
  readonly stripe: StripePeer
  readonly database: Database
}

/** Sath on a database that the test sees, with a Stripe of its own, whose products and prices are written from the plans' rows. */
export async function startSathWithStripe(
  t: Teardown,
  options: Pick<SathOptions, 'engine' | 'feed'>,
): Promise<SathWithStripe> {
  const database = await openTestDatabase(t)
  const port = await freePort()
  const secret = 'whsec_of_the_test'
  const webhook = { url: `http://127.0.0.1:${port}/api/v1/billing/webhook/stripe`, secret, automatic: true }
  const stripe = await createStripePeer({ webhook })
  t.teardown(() => stripe.close())
  const reach = { STRIPE_SECRET_KEY: stripe.secretKey, STRIPE_API_BASE: stripe.url, DATABASE_URL: database.url }
  const command = fileURLToPath(new URL('../../api/build/main-stripe-catalogue.js', import.meta.url))
  await promisify(execFile)(process.execPath, [command], { env: { PATH: process.env.PATH, ...reach } })
  const env = { ...reach, STRIPE_WEBHOOK_SECRET: secret }
  return { ...(await startSath(t, { ...options, port, env })), stripe, database }
}
