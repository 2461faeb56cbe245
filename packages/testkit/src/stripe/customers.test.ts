import type Stripe from 'stripe'
import t from 'tap'
import { catalogue, payer, setup, types } from './setup.fixture.js'

t.test('customers are made, read, changed and found by address', async (t) => {
  const { stripe, clock } = await setup(t)
  const made = await stripe.customers.create({
    email: 'ana@example.com',
    name: 'Ana',
    metadata: { tenant: '7', old: 'x' },
  })
  t.match(made, {
    object: 'customer',
    email: 'ana@example.com',
    created: clock.now() / 1_000,
    livemode: false,
    balance: 0,
  })
  const changed = await stripe.customers.update(made.id, { name: '', metadata: { old: '', plan: 'pro' } })
  t.equal(changed.name, null)
  t.same(changed.metadata, { tenant: '7', plan: 'pro' })
  await stripe.customers.create({ email: 'bo@example.com' })
  t.same(
    (await stripe.customers.list({ email: 'ana@example.com' })).data.map(({ id }) => id),
    [made.id],
  )
})

t.test('an update tells what it was before, and nothing when nothing changed', async (t) => {
  const { peer, stripe } = await setup(t)
  const { id } = await stripe.customers.create({ email: 'ana@example.com' })
  await stripe.customers.update(id, { email: 'new@example.com' })
  await stripe.customers.update(id, { email: 'new@example.com' })
  t.same(types(peer), ['customer.created', 'customer.updated'])
  t.same(peer.events()[1]?.data.previous_attributes, { email: 'ana@example.com' })
})

t.test('a deleted customer leaves its id, ends its subscriptions and takes no more', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const { id } = await payer(stripe)
  const subscription = await stripe.subscriptions.create({ customer: id, items: [{ price: basic.id }] })
  t.same(await stripe.customers.del(id), { id, object: 'customer', deleted: true })
  t.equal((await stripe.customers.retrieve(id)).deleted, true)
  t.equal((await stripe.subscriptions.retrieve(subscription.id)).status, 'canceled')
  t.same(types(peer).slice(-2), ['customer.subscription.deleted', 'customer.deleted'])
  await t.rejects(stripe.customers.update(id, { name: 'x' }), { code: 'resource_missing', statusCode: 404 })
  const expanded = await stripe.subscriptions.retrieve(subscription.id, { expand: ['customer'] })
  t.match(expanded.customer, { id, deleted: true })
})

t.test('lists are asked by time', async (t) => {
  const { stripe, clock } = await setup(t)
  const one = await stripe.customers.create({})
  clock.advance(10_000)
  const two = await stripe.customers.create({})
  const ids = async (created: Stripe.RangeQueryParam) =>
    (await stripe.customers.list({ created })).data.map(({ id }) => id)
  t.same(await ids({ gt: one.created }), [two.id])
  t.same(await ids({ gte: one.created, lt: two.created }), [one.id])
  t.same(await ids({ gte: one.created, lte: two.created }), [two.id, one.id])
  t.same(await ids({ lte: one.created }), [one.id])
})

t.test('lists go on where the last page ended', async (t) => {
  const { stripe } = await setup(t)
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.push((await stripe.customers.create({ name: String(i) })).id)
  const first = await stripe.customers.list({ limit: 2 })
  t.same([first.data.map(({ id }) => id), first.has_more], [[ids[4], ids[3]], true])
  const last = await stripe.customers.list({ limit: 2, starting_after: ids[1]! })
  t.same([last.data.map(({ id }) => id), last.has_more], [[ids[0]], false])
  const back = await stripe.customers.list({ limit: 2, ending_before: ids[1]! })
  t.same([back.data.map(({ id }) => id), back.has_more], [[ids[3], ids[2]], true])
  const all: string[] = []
  for await (const { id } of stripe.customers.list({ limit: 2 })) all.push(id)
  t.same(all, ids.toReversed())
  await t.rejects(stripe.customers.list({ limit: 101 }), { message: /between 1 and 100/, param: 'limit' })
})

t.test('an account goes back to what was remembered, as often as it is asked', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const shown = async () => [
    await stripe.subscriptions.retrieve(made.id),
    (await stripe.invoices.list()).data,
    (await stripe.charges.list()).data,
    peer.events().map(({ id }) => id),
  ]
  const then = await shown()
  const back = peer.remember()
  for (const _ of [1, 2]) {
    peer.declineNextPayment(7)
    await stripe.customers.del(customer.id)
    t.notSame(await shown(), then)
    back()
    t.same(await shown(), then)
    const other = await payer(stripe)
    const second = await stripe.subscriptions.create({ customer: other.id, items: [{ price: basic.id }] })
    t.equal(second.status, 'active', 'nothing is declined any more')
    t.not(second.id, made.id)
    back()
  }
})
