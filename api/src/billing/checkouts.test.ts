import t from 'tap'
import { verdict } from '../app.fixture.js'
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

t.test('who subscribes waits until the same user’s other window has its answer', async (t) => {
  const app = await billingSetup(t)
  const [user, other] = [await app.user(), await app.user()]
  const ask = (as: typeof user) =>
    app.call('POST', '/v1/billing/subscribe', { as, body: { plan: 'pro', cycle: 'monthly' } })
  const customersOf = async ({ email }: typeof user) => (await app.billing.stripe.customers.list({ email })).data.length
  let answered = () => {}
  const first = app.billing.inTurn(user.id, () => new Promise<void>((resolve) => (answered = resolve)))
  const second = ask(user)
  t.equal(verdict(await ask(other)), '200', 'others do not')
  t.equal(verdict(await ask(other)), '200')
  t.equal(await customersOf(user), 0, 'nothing was begun at Stripe')
  answered()
  await first
  t.equal(verdict(await second), '200')
  t.equal(await customersOf(user), 1)
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
