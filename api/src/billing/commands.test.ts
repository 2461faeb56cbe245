/** The two commands that speak with Stripe, as the processes that an operator runs. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { effectivePlan, planGrants, plans, userRepository } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { freePort } from '@sath/testkit'
import { createStripePeer } from '@sath/testkit/stripe'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { openBilling } from './billing.js'
import { priceOf } from './catalogue.js'
import { userMetadata } from './fetch-customer.js'

t.setTimeout(300_000)

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function run(command: 'catalogue' | 'sweep', env: Record<string, string>): Promise<Ended> {
  const main = fileURLToPath(new URL(`../main-stripe-${command}.js`, import.meta.url))
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    )
  })
}

t.test('without what they need the commands say what is missing, and change nothing', async (t) => {
  const port = await freePort()
  const DATABASE_URL = 'postgres://sath@127.0.0.1:9/none'
  const wrong = [
    [{ DATABASE_URL }, 'STRIPE_SECRET_KEY: is missing\n'],
    [{ STRIPE_SECRET_KEY: '' }, 'DATABASE_URL: is missing; STRIPE_SECRET_KEY: is missing\n'],
    [{ DATABASE_URL, STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_API_BASE: 'x' }, 'STRIPE_API_BASE: Invalid URL\n'],
  ] as const
  for (const command of ['catalogue', 'sweep'] as const) {
    const ends = await Promise.all(wrong.map(([env]) => run(command, env)))
    for (const [n, [, err]] of wrong.entries()) t.same(ends[n], { code: 1, out: '', err }, `${command}: ${err}`)
  }
  const { url } = await openTestDatabase(t)
  const away = { DATABASE_URL: url, STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_API_BASE: `http://127.0.0.1:${port}` }
  t.match(await run('catalogue', away), { code: 1, out: '', err: /^Stripe: StripeConnectionError\n$/ })
})

t.test('the catalogue is written once, and a second run finds nothing to do', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const peer = await createStripePeer()
  t.teardown(() => peer.close())
  const env = { DATABASE_URL: url, STRIPE_SECRET_KEY: peer.secretKey, STRIPE_API_BASE: peer.url }
  const keys = ['basic', 'pro', 'enterprise'].flatMap((plan) => [`sath_${plan}_monthly`, `sath_${plan}_yearly`])
  const lines = (change: string) => ({ code: 0, out: keys.map((key) => `${key} ${change}\n`).join(''), err: '' })
  t.same(await run('catalogue', env), lines('created'))
  const written = peer.events().length
  t.same(await run('catalogue', env), lines('unchanged'))
  t.equal(peer.events().length, written, 'nothing was written')
  await db.update(plans).set({ priceMonth: '31' }).where(eq(plans.id, 'basic'))
  const { out } = await run('catalogue', env)
  t.same(
    out.split('\n').filter((line) => !line.endsWith('unchanged')),
    ['sath_basic_monthly replaced', ''],
  )
  t.match(await run('catalogue', { ...env, STRIPE_SECRET_KEY: 'sk_test_wrong' }), {
    code: 1,
    err: /^Stripe: StripeAuthenticationError 401\n$/,
  })
})

t.test('the sweep repairs what events were lost of, and a second run finds nothing to do', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const peer = await createStripePeer()
  t.teardown(() => peer.close())
  const env = { DATABASE_URL: url, STRIPE_SECRET_KEY: peer.secretKey, STRIPE_API_BASE: peer.url }
  await run('catalogue', env)
  const user = await userRepository(db).create({ email: 'ana@example.com', passwordHash: 'x', verified: true })
  const metadata = { [userMetadata]: user!.id }
  const { stripe } = openBilling({ secretKey: peer.secretKey, webhookSecret: '', apiBase: peer.url, graceDays: 7 })
  const customer = await stripe.customers.create({ email: 'ana@example.com', metadata })
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  const price = await priceOf(stripe, 'pro', 'monthly')
  const items = [{ price: price.id }]
  await stripe.subscriptions.create({ customer: customer.id, default_payment_method: card.id, items, metadata })
  const swept = async () => {
    const { code, out, err } = await run('sweep', env)
    t.same([code, err], [0, ''])
    return JSON.parse(out)
  }
  t.same(await swept(), { customers: 1, repaired: 1, failed: 0 })
  t.equal((await effectivePlan(db, user!.id)).id, 'pro')
  const grants = await db.select().from(planGrants)
  t.same(await swept(), { customers: 1, repaired: 0, failed: 0 })
  t.same(await db.select().from(planGrants), grants)
})
