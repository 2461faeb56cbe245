import { dayMs } from '@sath/core'
import { eraseTenant, orders, placeManualTrade, planGrants, stripeEvents, trades } from '@sath/db'
import { until } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { config, verdict } from '../app.fixture.js'
import { ensureCustomer } from './customers.js'
import { startEventLoop } from './event-loop.js'
import { billingSetup } from './setup.fixture.js'
import { startStripeSweep, sweepStripe } from './sweep.js'
import { syncCustomer } from './sync-customer.js'

t.test(
  'while Stripe is away a call about money says when to come back, events wait, and the rest goes on',
  async (t) => {
    const app = await billingSetup(t)
    const user = await app.user()
    const id = await app.subscribed(user)
    await app.deliver()
    await app.billing.stripe.subscriptions.cancel(id)
    const [bell] = app.peer.events().filter(({ type }) => type === 'customer.subscription.deleted')
    const { body, header } = app.peer.sign(bell)
    for (const outage of ['refused', 'error'] as const) {
      await app.peer.setDown(outage)
      const answer = await app.call('POST', '/v1/billing/subscribe', {
        as: await app.user(),
        body: { plan: 'pro', cycle: 'monthly' },
      })
      t.equal(verdict(answer), '503 service-unavailable', outage)
      t.ok(Number(answer.headers['retry-after']) > 0)
    }
    t.equal(verdict(await app.ring(body, header)), '200', 'an event is taken all the same')
    await app.settle()
    const [waiting] = await app.db.select().from(stripeEvents).where(eq(stripeEvents.id, bell!.id))
    t.match(waiting, { outcome: null, claimToken: null, attempts: 1, error: /^Stripe: / })
    t.ok(waiting!.nextAttemptAt > new Date(), 'with some patience')
    t.equal(await app.planOf(user), 'pro')
    for (const path of ['/v1/billing/plans', '/v1/billing/subscription', '/v1/billing/payments', '/v1/bot/status'])
      t.equal(verdict(await app.call('GET', path, { as: user })), '200', path)
    await app.peer.setDown(false)
    await app.db.update(stripeEvents).set({ nextAttemptAt: sql`now()` })
    await app.settle()
    t.equal(await app.planOf(user), 'free')
  },
)

t.test('an answer that was lost does not make a second customer or subscription', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.peer.setDown('answer-lost')
  await t.rejects(ensureCustomer(app.db, app.billing, { ...user, locale: 'en' }))
  const ask = () => app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan: 'pro', cycle: 'monthly' } })
  t.equal(verdict(await ask()), '503 service-unavailable')
  await app.peer.setDown(false)
  t.equal(verdict(await app.call('PUT', '/v1/users/me', { as: user, body: { locale: 'es' } })), '200')
  t.equal(verdict(await ask()), '200', 'though the user reads another language by now')
  t.equal((await app.billing.stripe.customers.list({ email: user.email })).data.length, 1)
})

t.test('a look that was begun earlier never comes over a later one', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user)
  const { customer } = await app.billing.stripe.subscriptions.retrieve(id)
  // What the first look fetched reaches the database last.
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  let reached = false
  const slow = {
    ...app.billing,
    soldOf: async (price: string | undefined) => {
      reached = true
      await held
      return app.billing.soldOf(price)
    },
  }
  const first = syncCustomer({ ...app.parts, billing: slow }, String(customer))
  await until('the first look', () => reached)
  await app.billing.stripe.subscriptions.cancel(id)
  await syncCustomer(app.parts, String(customer))
  t.equal(await app.planOf(user), 'free')
  goOn()
  await first
  t.equal(await app.planOf(user), 'free')
})

t.test('the loop deals with events when the bell rings, on any of several programs, each customer once', async (t) => {
  const app = await billingSetup(t)
  const loops = ['a', 'b', 'c'].map((owner) =>
    startEventLoop({ ...app.parts, database: app, owner }, { everyMs: 60_000 }),
  )
  t.teardown(() => Promise.all(loops.map((loop) => loop.stop())))
  const users = await Promise.all(Array.from({ length: 4 }, () => app.user()))
  const before = app.peer.events().length
  for (const user of users) await app.subscribed(user)
  const began = Date.now()
  for (const event of app.peer.events().slice(before)) {
    const { body, header } = app.peer.sign(event)
    await app.ring(body, header)
  }
  await until('all plans', async () => (await Promise.all(users.map(app.planOf))).every((plan) => plan === 'pro'))
  t.comment(`${users.length} plans ${Date.now() - began} ms after their first event`)
  t.ok(await until('all events', async () => (await app.db.$count(stripeEvents, sql`processed_at is null`)) === 0))
})

t.test('a comparison that Stripe does not answer is made again, and not a day later', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.subscribed(user)
  await app.peer.setDown('error')
  const sweeping = startStripeSweep(app.parts, { firstMs: 1, againMs: 10 })
  t.teardown(() => sweeping.stop())
  await until('the first try', () => app.lines.some((line) => line.includes('the comparison with Stripe waits')))
  await app.peer.setDown(false)
  await until('the plan, though nothing has rung', async () => (await app.planOf(user)) === 'pro')
  t.ok(await until('the end', () => app.lines.some((line) => line.includes('compared with Stripe'))))
})

t.test('once the loop has written a smaller plan, no order is over it', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user, 'enterprise')
  await app.deliver()
  const saved = await app.call('PUT', '/v1/bot/config', {
    as: user,
    body: { config: config({ capital: '100000' }), version: 0 },
  })
  t.equal(verdict(saved), '200', saved.body)
  const marketTime = Date.UTC(2024, 11, 2, 12)
  const day = { from: Date.UTC(2024, 11, 2), to: Date.UTC(2024, 11, 3) }
  const enter = () =>
    placeManualTrade(
      app.db,
      { id: user.id, address: null, agent: null },
      {
        tenantId: user.id,
        symbol: 'BTCUSDT',
        source: 'replay',
        direction: 'call',
        // More than the free plan's 5, less than what is left of the capital.
        stake: '6',
        payout: '0.85',
        durationMs: 60_000,
        marketTime,
      },
      () => () => day,
    ).then(
      () => 'entered',
      (error: { code?: string }) => error.code ?? 'fault',
    )
  t.equal(await enter(), 'entered')
  await app.billing.stripe.subscriptions.cancel(id)
  let changed = false
  const ends: string[] = []
  const hammer = async () => {
    for (let after = 0; after < 3; ) {
      ends.push(await enter())
      if (changed) after++
    }
  }
  await Promise.all([
    hammer(),
    hammer(),
    hammer(),
    app.deliver().then(() => {
      changed = true
    }),
  ])
  t.same(new Set(ends), new Set(['entered', 'plan-limit']), `${ends.length} orders around the change`)
  t.same(new Set(ends.slice(-3)), new Set(['plan-limit']))
  const [grant] = await app.db.select().from(planGrants).where(eq(planGrants.tenantId, user.id))
  const late = await app.db
    .select({ at: orders.createdAt })
    .from(orders)
    .innerJoin(trades, eq(trades.id, orders.tradeId))
    .where(sql`${trades.stake} > 5 and ${orders.createdAt} > ${grant!.endsAt!.toISOString()}::timestamptz`)
  t.same(late, [])
})

t.test('a renewal that fails leaves the plan for the grace, and is mended by paying', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user)
  await app.deliver()
  app.clock.advance(31 * dayMs)
  app.peer.declineNextPayment(1)
  app.clock.advance(dayMs)
  await app.deliver()
  const shown = await app.call('GET', '/v1/billing/subscription', { as: user })
  const { stripe } = shown.json<{ stripe: { status: string; pastDueSince: string; graceEnd: string } }>()
  t.equal(stripe.status, 'past_due')
  t.equal(Date.parse(stripe.graceEnd) - Date.parse(stripe.pastDueSince), 7 * dayMs)
  t.match(shown.json(), { plan: 'pro', until: stripe.graceEnd })
  t.equal(
    verdict(
      await app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan: 'enterprise', cycle: 'monthly' } }),
    ),
    '402 payment-failed',
  )
  const { latest_invoice } = await app.billing.stripe.subscriptions.retrieve(id)
  await app.billing.stripe.invoices.pay(String(latest_invoice))
  await app.deliver()
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), {
    plan: 'pro',
    until: null,
    stripe: { status: 'active', graceEnd: null },
  })
})

t.test('a dispute takes the plan', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user)
  await app.deliver()
  const { customer } = await app.billing.stripe.subscriptions.retrieve(id)
  const { data } = await app.billing.stripe.charges.list({ customer: String(customer) })
  app.peer.dispute(data[0]!.id)
  await app.deliver()
  t.equal(await app.planOf(user), 'free')
  const paid = async () => (await app.call('GET', '/v1/billing/payments', { as: user })).json()
  t.match(await paid(), { items: [{ status: 'disputed' }] })
})

t.test('who leaves pays no more: the customer is deleted in Stripe, though the user is gone here', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user)
  await app.deliver()
  await app.peer.setDown('refused')
  t.equal(verdict(await app.call('DELETE', '/v1/users/me', { as: user })), '202')
  await app.db.update(stripeEvents).set({ attempts: 1_000 })
  await app.settle()
  t.equal(await eraseTenant(app.db, user.id), true)
  await app.peer.setDown(false)
  await app.db.update(stripeEvents).set({ nextAttemptAt: sql`now()` })
  await app.settle()
  t.equal((await app.billing.stripe.subscriptions.retrieve(id)).status, 'canceled')
  await app.deliver()
  t.match(await sweepStripe(app.parts), { failed: 0 })
})

t.test('neither ids of Stripe nor addresses nor secrets are in the log', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user)
  await app.deliver()
  await app.call('POST', '/v1/billing/portal', { as: user })
  await app.call('GET', '/v1/billing/invoices?cursor=in_doesNotExist1', { as: user })
  await app.billing.stripe.subscriptions.cancel(id)
  // Stripe's refusal of this one says the id.
  const stranger = { object: { object: 'dispute', charge: 'ch_ofNobodyWeKnow' } }
  const odd = app.peer.sign({
    ...app.peer.events().at(-1),
    id: 'evt_odd',
    type: 'charge.dispute.created',
    data: stranger,
  })
  t.equal(verdict(await app.ring(odd.body, odd.header)), '200')
  await app.settle()
  await app.peer.setDown('error')
  await app.call('POST', '/v1/billing/cancel', { as: user })
  await syncCustomer(app.parts, 'cus_gone').catch(() => {})
  const [bell] = app.peer.events().filter(({ type }) => type === 'invoice.paid')
  const { body, header } = app.peer.sign({ ...bell, id: 'evt_again' })
  await app.ring(body, header)
  await app.ring(body, 't=1,v1=00')
  await app.settle()
  const log = app.lines.join('')
  t.match(log, 'events of Stripe wait', 'there is something to read')
  t.notMatch(log, /\b(cus|sub|in|evt|cs|pi|ch|price|whsec|sk)_[A-Za-z0-9]{4,}/)
  t.notMatch(log, user.email)
  t.notMatch(log, /v1=[0-9a-f]+/)
})
