import { grantPlan, planGrants } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { config, strategy, verdict } from '../app.fixture.js'
import { billingSetup } from './setup.fixture.js'

t.test(
  'more comes at once and is charged for; less comes when the period is over, and can be taken back',
  async (t) => {
    const app = await billingSetup(t)
    const user = await app.user()
    const id = await app.subscribed(user, 'basic')
    await app.deliver()
    const subscribe = (plan: string, cycle = 'monthly') =>
      app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan, cycle } })
    const preview = async (plan: string, cycle = 'monthly') => {
      const response = await app.call('GET', `/v1/billing/preview?plan=${plan}&cycle=${cycle}`, { as: user })
      return response.json<{ money: { takesEffect: string; dueNow: string; recurring: string; at: string | null } }>()
    }
    t.match(await preview('pro'), {
      plan: 'pro',
      money: { takesEffect: 'now', dueNow: '70.00', recurring: '99.00', currency: 'USD' },
    })
    t.equal(verdict(await subscribe('pro')), '200')
    t.equal(await app.planOf(user), 'pro')
    const { data } = await app.billing.stripe.invoices.list({ subscription: id })
    t.match(data[0], { total: 7000, status: 'paid' })

    const shown = await preview('basic')
    t.match(shown, {
      money: { takesEffect: 'period-end', dueNow: '0.00', recurring: '29.00' },
      effects: { strategies: [], held: false },
    })
    t.equal(verdict(await subscribe('basic')), '200')
    await app.deliver()
    t.equal(await app.planOf(user), 'pro', 'it is paid for')
    const after = (await app.call('GET', '/v1/billing/subscription', { as: user })).json()
    t.match(after, {
      plan: 'pro',
      until: shown.money.at,
      stripe: { plan: 'basic', amount: '29.00', paidPlan: { plan: 'pro', until: shown.money.at } },
    })
    t.equal(verdict(await subscribe('enterprise')), '409 version-conflict', 'one thing after the other')
    t.match(await preview('pro'), { money: { takesEffect: 'none' } })
    t.equal(verdict(await app.call('POST', '/v1/billing/resume', { as: user })), '200')
    t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), {
      plan: 'pro',
      until: null,
      stripe: { plan: 'pro', paidPlan: null },
    })

    await subscribe('basic')
    const grants = await app.db.select().from(planGrants).where(eq(planGrants.tenantId, user.id))
    t.same(
      grants.map(({ planId, endsAt }) => [planId, endsAt?.toISOString() ?? null]).sort(),
      [
        ['basic', null],
        ['pro', shown.money.at],
      ],
      'after the period the lower plan is there by itself',
    )
    const invoices = await app.billing.stripe.invoices.list({ subscription: id })
    t.equal(invoices.data.length, 2, 'nothing was charged or credited for it')
  },
)

t.test('a refused card changes nothing', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.subscribed(user, 'basic')
  app.peer.declineNextPayment(1)
  const answer = await app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan: 'pro', cycle: 'monthly' } })
  t.equal(verdict(answer), '402 payment-failed')
  await app.deliver()
  t.equal(await app.planOf(user), 'basic')
})

t.test('a cancellation waits for the end of the period and can be taken back', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  t.equal(verdict(await app.call('POST', '/v1/billing/cancel', { as: user })), '404 not-found', 'nothing to cancel')
  await app.subscribed(user)
  await app.deliver()
  const end = (await app.call('GET', '/v1/billing/subscription', { as: user })).json<{
    stripe: { periodEnd: string }
  }>().stripe.periodEnd
  t.match((await app.call('GET', '/v1/billing/preview?plan=free', { as: user })).json(), {
    money: { takesEffect: 'period-end', at: end },
  })
  t.match((await app.call('POST', '/v1/billing/cancel', { as: user })).json(), { status: 'active', cancelAt: end })
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), { plan: 'pro', until: end })
  t.match((await app.call('POST', '/v1/billing/resume', { as: user })).json(), { cancelAt: null })
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), { plan: 'pro', until: null })
  t.equal(
    verdict(await app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan: 'free', cycle: 'monthly' } })),
    '400 invalid-request',
  )
})

t.test('an end that was asked for in Stripe’s portal is taken back, too', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user)
  const shown = async () =>
    (await app.call('GET', '/v1/billing/subscription', { as: user })).json<{ stripe: { cancelAt: string | null } }>()
      .stripe.cancelAt
  for (const back of [
    () => app.call('POST', '/v1/billing/resume', { as: user }),
    () => app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan: 'pro', cycle: 'monthly' } }),
  ]) {
    // The portal names the day and leaves `cancel_at_period_end` as it is.
    await app.billing.stripe.subscriptions.update(id, { cancel_at: 'min_period_end' })
    await app.deliver()
    t.match(await shown(), /Z$/)
    t.equal(verdict(await back()), '200')
    t.equal(await shown(), null)
    t.equal(app.peer.requests.findLast(({ method }) => method === 'POST')?.form, 'cancel_at=')
  }
})

t.test('what is left of a longer period is credit, which the preview of the next change uses up', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user, 'pro', 'yearly')
  const preview = async (plan: string) =>
    (await app.call('GET', `/v1/billing/preview?plan=${plan}&cycle=monthly`, { as: user })).json<{
      money: { dueNow: string }
    }>().money.dueNow
  const subscribe = async (plan: string) => {
    const body = { plan, cycle: 'monthly' }
    t.equal(verdict(await app.call('POST', '/v1/billing/subscribe', { as: user, body })), '200')
    return (await app.billing.stripe.invoices.list({ subscription: id })).data[0]
  }
  t.equal(await preview('pro'), '-891.00')
  t.match(await subscribe('pro'), { total: -89_100, amount_paid: 0 })
  t.equal(await preview('enterprise'), '0.00')
  t.match(await subscribe('enterprise'), { total: 20_000, amount_paid: 0 })
})

t.test('the preview counts with what was given in other ways', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.subscribed(user)
  await app.deliver()
  const three = config({ strategies: [strategy(), strategy(), strategy()] })
  await app.call('PUT', '/v1/bot/config', { as: user, body: { version: 0, config: three } })
  const fates = async () =>
    (await app.call('GET', '/v1/billing/preview?plan=free', { as: user }))
      .json<{ effects: { strategies: { after: string }[] } }>()
      .effects.strategies.map(({ after }) => after)
  t.same(await fates(), ['stays', 'paused', 'paused'])
  await grantPlan(app.db, user.id, { planId: 'basic', days: 10 })
  t.same(await fates(), ['stays', 'paused', 'paused'], 'it has run out by then')
  await grantPlan(app.db, user.id, { planId: 'basic', days: 60 })
  t.same(await fates(), ['stays', 'stays', 'stays'])
  t.equal(
    verdict(await app.call('GET', '/v1/billing/preview?plan=none', { as: user })),
    '400 invalid-request',
    'no such plan',
  )
})
