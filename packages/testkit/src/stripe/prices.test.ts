import t from 'tap'
import { catalogue, setup } from './setup.fixture.js'

t.test('prices are found by lookup key, with their product', async (t) => {
  const { stripe } = await setup(t)
  const { basic, pro } = await catalogue(stripe)
  const found = await stripe.prices.list({
    lookup_keys: ['sath_basic_monthly', 'sath_pro_monthly', 'unknown'],
    expand: ['data.product'],
  })
  t.same(new Set(found.data.map(({ id }) => id)), new Set([basic.id, pro.id]))
  t.match(found.data[0]?.product, { object: 'product', name: 'Pro' })
  t.equal(basic.unit_amount_decimal?.toString(), '2900')
  t.match(basic, { type: 'recurring', recurring: { interval: 'month', interval_count: 1 }, unit_amount: 2900 })
})

t.test('a lookup key moves to a new price only when asked', async (t) => {
  const { stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const dearer = {
    product: String(basic.product),
    currency: 'usd',
    unit_amount: 3900,
    recurring: { interval: 'month' },
    lookup_key: 'sath_basic_monthly',
  } as const
  await t.rejects(stripe.prices.create(dearer), { message: /already uses/, param: 'lookup_key', statusCode: 400 })
  const next = await stripe.prices.create({ ...dearer, transfer_lookup_key: true })
  t.equal((await stripe.prices.retrieve(basic.id)).lookup_key, null)
  t.same(
    (await stripe.prices.list({ lookup_keys: ['sath_basic_monthly'] })).data.map(({ id }) => id),
    [next.id],
  )
  await stripe.prices.update(basic.id, { active: false })
  t.equal((await stripe.prices.list({ active: true })).data.length, 3)
  await t.rejects(
    stripe.subscriptions.create({ customer: (await stripe.customers.create({})).id, items: [{ price: basic.id }] }),
    /inactive/,
  )
})

t.test('an amount is a whole number', async (t) => {
  const { stripe } = await setup(t)
  const { id } = await stripe.products.create({ name: 'Basic', id: 'sath_basic' })
  t.equal(id, 'sath_basic', 'a product may bring its own id')
  await t.rejects(stripe.products.create({ name: 'Basic', id }), { code: 'resource_already_exists' })
  await t.rejects(stripe.prices.create({ product: id, currency: 'usd', unit_amount: 29.5 }), {
    code: 'parameter_invalid_integer',
    param: 'unit_amount',
  })
  await t.rejects(stripe.prices.create({ product: id, currency: 'USD', unit_amount: 29 }), {
    message: /Invalid currency/,
    param: 'currency',
  })
})

t.test('products are changed and listed', async (t) => {
  const { stripe } = await setup(t)
  const { id } = await stripe.products.create({ name: 'Basic', description: 'one' })
  t.match(await stripe.products.update(id, { name: 'Basic plan', description: '', active: false }), {
    name: 'Basic plan',
    description: null,
    active: false,
  })
  t.equal((await stripe.products.list({ active: true })).data.length, 0)
  t.equal((await stripe.products.list({ ids: [id] })).data.length, 1)
  t.equal((await stripe.products.retrieve(id)).name, 'Basic plan')
})
