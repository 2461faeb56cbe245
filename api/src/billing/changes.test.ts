import { dayMs } from '@sath/core'
import { grantPlan, planGrants, plans, stripeSubscriptions } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { config, strategy, verdict } from '../app.fixture.js'
import { billingSetup } from './setup.fixture.js'

t.test('two windows that subscribe at once end in one subscription', async (t) => {
  const app = await billingSetup(t)
  for (const wishes of [
    ['pro', 'pro', 'pro'],
    ['basic', 'pro', 'enterprise'],
    ['pro', 'basic', 'pro'],
  ]) {
    const user = await app.user()
    const answers = await Promise.all(
      wishes.map((plan) => app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan, cycle: 'monthly' } })),
    )
    t.ok(
      answers.some(({ statusCode }) => statusCode === 200),
      wishes.join(),
    )
    t.same(
      answers.map(verdict).filter((end) => end !== '200' && end !== '409 in-use'),
      [],
    )
    const customers = (await app.billing.stripe.customers.list({ email: user.email })).data
    t.equal(customers.length, 1, 'one customer')
    const sessions = answers.flatMap((answer) => {
      const url = answer.json<{ checkoutUrl?: string }>().checkoutUrl
      return url === undefined ? [] : [new URL(url).pathname.split('/').at(-1) ?? '']
    })
    const paid = [...new Set(sessions)].filter((id) => {
      try {
        return app.peer.completeCheckout(id)
      } catch {
        return false
      }
    })
    t.equal(paid.length, 1, 'one of the pages takes money')
    const subscriptions = await app.billing.stripe.subscriptions.list({ customer: customers[0]!.id, status: 'all' })
    t.equal(subscriptions.data.length, 1)
  }
})

t.test('of several open checkouts every window keeps the same one', async (t) => {
  const app = await billingSetup(t)
  const { sessions } = app.billing.stripe.checkout
  const user = await app.user()
  const ask = async () => {
    const body = { plan: 'pro', cycle: 'monthly' }
    const answer = await app.call('POST', '/v1/billing/subscribe', { as: user, body })
    return new URL(answer.json<{ checkoutUrl: string }>().checkoutUrl).pathname.split('/').at(-1) ?? ''
  }
  const first = await sessions.retrieve(await ask(), { expand: ['line_items'] })
  const same = {
    mode: 'subscription' as const,
    customer: String(first.customer),
    line_items: [{ price: first.line_items!.data[0]!.price!.id, quantity: 1 }],
    metadata: first.metadata ?? {},
    success_url: first.success_url!,
  }
  const made = [first]
  const newest = () => made.toSorted((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1))[0]!
  // Of one second: Stripe lists them in another order than ours.
  while (newest() === made.at(-1)) made.push(await sessions.create(same))
  t.equal(await ask(), newest().id)
  const { data } = await sessions.list({ customer: same.customer, status: 'open' })
  t.same(
    data.map(({ id }) => id),
    [newest().id],
  )
})

t.test(
  'an open checkout is used again, another plan closes it, and a paid one makes the next call a change',
  async (t) => {
    const app = await billingSetup(t)
    const user = await app.user()
    const ask = async (plan: string, cycle = 'monthly') =>
      (await app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan, cycle } })).json<{
        checkoutUrl: string
      }>().checkoutUrl
    const first = await ask('basic')
    t.equal(await ask('basic'), first)
    const second = await ask('pro')
    t.not(second, first)
    const id = (url: string) => new URL(url).pathname.split('/').at(-1) ?? ''
    t.throws(() => app.peer.completeCheckout(id(first)), 'the first is closed')
    t.ok(app.peer.completeCheckout(id(second)))
    t.equal(await ask('enterprise'), 'http://127.0.0.1:8080/billing?changed=enterprise', 'though nothing has rung yet')
    t.equal(await app.planOf(user), 'enterprise', 'and it is seen at once')
    const { requests } = app.peer
    const made = requests.filter(({ method, path }) => method === 'POST' && path === '/v1/customers')
    t.same(
      made.map(({ idempotencyKey }) => idempotencyKey),
      [`sath-customer-${user.id}`],
    )
    const session = requests.find(({ method, path }) => method === 'POST' && path === '/v1/checkout/sessions')
    t.equal(new URLSearchParams(session?.form).get('client_reference_id'), user.id)
    t.equal(session?.stripeVersion, '2026-10-28.endive')
  },
)

t.test('the same key gives the same answer, also once the checkout was paid', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const ask = (plan: string, key: string) =>
    app.call('POST', '/v1/billing/subscribe', {
      as: user,
      body: { plan, cycle: 'monthly' },
      headers: { 'idempotency-key': key },
    })
  await app.peer.setDown('error')
  t.equal(verdict(await ask('pro', 'k')), '503 service-unavailable')
  await app.peer.setDown(false)
  const answers = await Promise.all([ask('pro', 'k'), ask('pro', 'k')])
  const [first, second] = answers.map((answer) => answer.json<{ checkoutUrl: string }>().checkoutUrl)
  t.equal(first, second)
  t.equal(verdict(await ask('basic', 'k')), '409 idempotency-conflict')
  t.equal(verdict(await ask('basic', 'with space')), '400 invalid-request')
  t.ok(app.peer.completeCheckout(new URL(first ?? '').pathname.split('/').at(-1) ?? ''))
  await app.deliver()
  t.equal((await ask('pro', 'k')).json<{ checkoutUrl: string }>().checkoutUrl, first)
  t.match((await ask('pro', 'another')).json(), { checkoutUrl: /changed=pro$/ })
})

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

t.test('a trial of one plan is no way to have a higher one for nothing', async (t) => {
  const app = await billingSetup(t)
  for (const [plan, trialDays] of [
    ['basic', 14],
    ['pro', 20],
    ['enterprise', 3],
  ] as const)
    await app.db.update(plans).set({ trialDays }).where(eq(plans.id, plan))
  const user = await app.user()
  const id = await app.subscribed(user, 'basic')
  const preview = async (plan: string) =>
    (await app.call('GET', `/v1/billing/preview?plan=${plan}`, { as: user })).json<{ money: object }>().money
  const choose = async (plan: string) => {
    const body = { plan, cycle: 'monthly' }
    t.equal(verdict(await app.call('POST', '/v1/billing/subscribe', { as: user, body })), '200', plan)
    const { status, trial_end, created } = await app.billing.stripe.subscriptions.retrieve(id)
    return [status, ((trial_end ?? 0) - created) * 1_000]
  }
  t.match(await preview('pro'), { takesEffect: 'now', dueNow: '0.00' })
  t.same(await choose('pro'), ['trialing', 14 * dayMs], 'a longer one makes it no longer')
  t.match(await preview('enterprise'), { takesEffect: 'now', dueNow: '0.00' })
  t.same(await choose('enterprise'), ['trialing', 3 * dayMs])
  t.same(await choose('basic'), ['trialing', 3 * dayMs], 'less of a plan costs nothing before its time')
  await app.db.update(plans).set({ trialDays: 0 }).where(eq(plans.id, 'enterprise'))
  t.match(await preview('enterprise'), { takesEffect: 'now', dueNow: '299.00' })
  t.match(await choose('enterprise'), ['active'])
  const { data } = await app.billing.stripe.invoices.list({ subscription: id })
  t.match(data[0], { total: 29_900, status: 'paid' })
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

t.test('a trial is given once, and a plan that costs nothing yet is shown as such', async (t) => {
  const app = await billingSetup(t)
  await app.db.update(plans).set({ trialDays: 14 }).where(eq(plans.id, 'pro'))
  const user = await app.user()
  t.match((await app.call('GET', '/v1/billing/preview?plan=pro', { as: user })).json(), {
    money: { takesEffect: 'checkout', trialDays: 14, dueNow: '0.00' },
  })
  const id = await app.subscribed(user)
  await app.deliver()
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), {
    plan: 'pro',
    stripe: { status: 'trialing', trialEnd: /Z$/ },
  })
  await app.billing.stripe.subscriptions.cancel(id)
  await app.deliver()
  t.equal(await app.planOf(user), 'free')
  t.match((await app.call('GET', '/v1/billing/preview?plan=pro', { as: user })).json(), {
    money: { trialDays: 0, dueNow: '99.00' },
  })
  await app.subscribed(user)
  await app.deliver()
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), { stripe: { status: 'active' } })
  // A deleted customer is forgotten by Stripe and not by us.
  const { customerId } = (
    await app.db.select().from(stripeSubscriptions).where(eq(stripeSubscriptions.tenantId, user.id))
  )[0]!
  app.peer.deleteCustomer(customerId)
  await app.deliver()
  t.equal(await app.planOf(user), 'free')
  await app.subscribed(user)
  await app.deliver()
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), { stripe: { status: 'active' } })
})
