import Stripe from 'stripe'
import t from 'tap'
import { until } from '../until.js'
import type { DeliveryFaults } from './index.js'
import { endpoint, secret, setup } from './setup.fixture.js'

async function sent(t: Parameters<typeof setup>[0], faults: DeliveryFaults, flushes = 1) {
  const { received, webhook } = await endpoint(t)
  const { peer, stripe } = await setup(t, { webhook })
  peer.deliver(faults)
  for (let i = 0; i < 12; i++) await stripe.customers.create({ name: String(i) })
  const results = []
  for (let i = 0; i < flushes; i++) results.push(await peer.flush())
  const names = received.map(({ body }) => Number((JSON.parse(body) as Stripe.CustomerCreatedEvent).data.object.name))
  return { names, results }
}

const inOrder = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]

t.test('events are signed so that the SDK believes them, and only as they are', async (t) => {
  const { received, webhook } = await endpoint(t)
  const { peer, stripe, clock } = await setup(t, { webhook, clock: Date.now })
  t.ok(clock)
  await stripe.customers.create({ email: 'ana@example.com' }, { idempotencyKey: 'k' })
  t.equal(received.length, 0, 'nothing is sent before it is asked for')
  t.match(await peer.flush(), { delivered: 1, failed: 0 })
  const [{ body, signature }] = received as [{ body: string; signature: string }]
  const event = stripe.webhooks.constructEvent(body, signature, secret)
  t.match(event, {
    type: 'customer.created',
    api_version: '2026-10-28.endive',
    livemode: false,
    pending_webhooks: 1,
    request: { idempotency_key: 'k' },
    data: { object: { email: 'ana@example.com' } },
  })
  t.throws(() => stripe.webhooks.constructEvent(body.replace('ana', 'bob'), signature, secret))
  t.match(await stripe.events.retrieve(event.id), { id: event.id, pending_webhooks: 0 })
  const forged = peer.sign(event, { secret: 'whsec_other' })
  t.throws(() => stripe.webhooks.constructEvent(forged.body, forged.header, secret))
  const stale = peer.sign(event, { timestamp: Math.floor(Date.now() / 1_000) - 600 })
  t.throws(() => stripe.webhooks.constructEvent(stale.body, stale.header, secret), /tolerance/)
  const right = peer.sign(event)
  t.equal(
    right.header,
    Stripe.webhooks.generateTestHeaderString({
      payload: right.body,
      secret,
      timestamp: Number(right.header.slice(2, 12)),
    }),
  )
})

t.test('without faults events come once and in order', async (t) => {
  t.same((await sent(t, {})).names, inOrder)
})

t.test('events are dropped, doubled, delayed and shuffled, the same way for the same seed', async (t) => {
  const dropped = await sent(t, { drop: ({ data }) => data.object.name === '3' })
  t.same([dropped.names, dropped.results[0]?.dropped], [inOrder.filter((n) => n !== 3), 1])
  const doubled = await sent(t, { duplicate: 1 })
  t.same(
    doubled.names,
    inOrder.flatMap((n) => [n, n]),
  )
  const delayed = await sent(t, { delay: ({ data }) => Number(data.object.name) < 3 }, 2)
  t.same(delayed.names, [...inOrder.slice(3), 0, 1, 2])
  t.same(
    delayed.results.map(({ delivered }) => delivered),
    [9, 3],
  )
  const chaos: DeliveryFaults = { drop: 0.2, duplicate: 0.3, delay: 0.3, reorder: true, seed: 7 }
  const [one, same, other] = [await sent(t, chaos, 2), await sent(t, chaos, 2), await sent(t, { ...chaos, seed: 8 }, 2)]
  t.same(one.names, same.names)
  t.notSame(one.names, other.names)
  t.notSame(
    one.names,
    one.names.toSorted((a, b) => a - b),
  )
})

t.test('what is not answered with 2xx is sent again', async (t) => {
  const { received, webhook } = await endpoint(t, [500, 302, 400])
  const { peer, stripe } = await setup(t, { webhook })
  await stripe.customers.create({})
  for (const expected of [0, 0, 0, 1]) t.equal((await peer.flush()).delivered, expected)
  t.equal((await peer.flush()).delivered, 0, 'and then no more')
  t.same(
    peer.deliveries.map(({ status, attempt }) => [status, attempt]),
    [
      [500, 1],
      [302, 2],
      [400, 3],
      [200, 4],
    ],
  )
  t.equal(new Set(received.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size, 1)
  peer.resend(peer.events()[0]!.id)
  t.equal((await peer.flush()).delivered, 1)
  peer.setWebhook({ url: 'http://127.0.0.1:1/', secret })
  await stripe.customers.create({})
  t.equal((await peer.flush()).failed, 1)
})

t.test('an automatic endpoint is told at once, and again after a failure', async (t) => {
  const { received, webhook } = await endpoint(t, [503])
  const { peer, stripe } = await setup(t, { webhook: { ...webhook, automatic: true } })
  await stripe.customers.create({})
  await until('the second try', () => received.length === 2)
  await until('its answer', () => peer.deliveries.at(-1)?.status === 200)
  t.equal(peer.events()[0]?.pending_webhooks, 0)
})

t.test('events are listed by type', async (t) => {
  const { stripe } = await setup(t)
  const { id } = await stripe.customers.create({})
  await stripe.customers.update(id, { name: 'x' })
  await stripe.products.create({ name: 'y' })
  const listed = async (params: Stripe.EventListParams) =>
    (await stripe.events.list(params)).data.map(({ type }) => type)
  t.same(await listed({ type: 'customer.*' }), ['customer.updated', 'customer.created'])
  t.same(await listed({ types: ['product.created', 'customer.created'] }), ['product.created', 'customer.created'])
  t.same(await listed({ delivery_success: false }), [])
})
