import { plans } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { verdict } from '../app.fixture.js'
import { writeCatalogue } from './catalogue.js'
import { billingSetup } from './setup.fixture.js'

t.test('the catalogue is written from the rows, and writing it again changes nothing', async (t) => {
  const { db, billing, peer } = await billingSetup(t)
  const { data } = await billing.stripe.prices.list({ active: true, limit: 100 })
  t.same(data.map(({ lookup_key, unit_amount, currency }) => `${lookup_key} ${unit_amount} ${currency}`).sort(), [
    'sath_basic_monthly 2900 usd',
    'sath_basic_yearly 29000 usd',
    'sath_enterprise_monthly 29900 usd',
    'sath_enterprise_yearly 299000 usd',
    'sath_pro_monthly 9900 usd',
    'sath_pro_yearly 99000 usd',
  ])
  const events = peer.events().length
  t.same(new Set((await writeCatalogue(db, billing.stripe)).map(({ change }) => change)), new Set(['unchanged']))
  t.equal(peer.events().length, events)
})

t.test('another amount is another price under the same key; who has subscribed keeps theirs', async (t) => {
  const app = await billingSetup(t)
  const { db, billing } = app
  const user = await app.user()
  await app.subscribed(user)
  await db.update(plans).set({ priceMonth: '120', name: 'Professional' }).where(eq(plans.id, 'pro'))
  const changes = await writeCatalogue(db, billing.stripe)
  t.same(
    changes.filter(({ change }) => change !== 'unchanged'),
    [{ lookupKey: 'sath_pro_monthly', change: 'replaced' }],
  )
  const { data } = await billing.stripe.prices.list({ lookup_keys: ['sath_pro_monthly'] })
  t.match(data, [{ unit_amount: 12_000, active: true }])
  t.equal((await billing.stripe.products.retrieve('sath_pro')).name, 'Sath Professional')
  await app.deliver()
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), {
    plan: 'pro',
    stripe: { plan: 'pro', amount: '99.00' },
  })
})

t.test('currencies without decimals and with three are written in their own units', async (t) => {
  const app = await billingSetup(t)
  const { db, billing } = app
  await db.update(plans).set({ currency: 'JPY', priceMonth: '4500', priceYear: '45000' }).where(eq(plans.id, 'basic'))
  await db.update(plans).set({ currency: 'KWD', priceMonth: '30.55', priceYear: '305.5' }).where(eq(plans.id, 'pro'))
  await writeCatalogue(db, billing.stripe)
  const { data } = await billing.stripe.prices.list({ lookup_keys: ['sath_basic_monthly', 'sath_pro_monthly'] })
  t.same(data.map(({ unit_amount, currency }) => `${unit_amount} ${currency}`).sort(), ['30550 kwd', '4500 jpy'])
  for (const [plan, amount, currency] of [
    ['basic', '4500', 'JPY'],
    ['pro', '30.550', 'KWD'],
  ] as const) {
    const user = await app.user()
    await app.subscribed(user, plan)
    await app.deliver()
    t.match((await app.call('GET', '/v1/billing/invoices', { as: user })).json(), {
      items: [{ total: amount, currency }],
    })
    t.match((await app.call('GET', '/v1/billing/payments', { as: user })).json(), { items: [{ amount, currency }] })
    t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), { stripe: { amount, currency } })
  }
})

t.test('a plan that is not in Stripe is not for sale', async (t) => {
  const app = await billingSetup(t)
  const [price] = (await app.billing.stripe.prices.list({ lookup_keys: ['sath_pro_yearly'] })).data
  await app.billing.stripe.prices.update(price!.id, { active: false })
  const answer = await app.call('POST', '/v1/billing/subscribe', {
    as: await app.user(),
    body: { plan: 'pro', cycle: 'yearly' },
  })
  t.equal(verdict(answer), '422 not-available')
  t.match(await writeCatalogue(app.db, app.billing.stripe), { length: 6 })
  t.equal(
    verdict(
      await app.call('POST', '/v1/billing/subscribe', { as: await app.user(), body: { plan: 'pro', cycle: 'yearly' } }),
    ),
    '200',
  )
})

t.test('what is priced no longer is sold no longer, nor is what a run that was cut off left behind', async (t) => {
  const { db, billing } = await billingSetup(t)
  const { prices } = billing.stripe
  await db.update(plans).set({ priceYear: '0' }).where(eq(plans.id, 'pro'))
  // The new price has the key, and the old one was not taken off the shelf.
  const left = { recurring: { interval: 'month' }, metadata: { sath_plan: 'pro', sath_cycle: 'monthly' } } as const
  await prices.create({ product: 'sath_pro', currency: 'usd', unit_amount: 8_900, ...left })
  const changes = await writeCatalogue(db, billing.stripe)
  t.same(
    changes.filter(({ change }) => change !== 'unchanged'),
    [{ lookupKey: 'sath_pro_yearly', change: 'withdrawn' }],
  )
  const { data } = await prices.list({ product: 'sath_pro', active: true })
  t.match(data, [{ lookup_key: 'sath_pro_monthly', unit_amount: 9_900 }])
  t.match(await writeCatalogue(db, billing.stripe), { length: 5 })
})
