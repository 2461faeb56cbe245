import { dayMs } from '@sath/core'
import { plans, stripeSubscriptions } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { verdict } from '../app.fixture.js'
import { billingSetup } from './setup.fixture.js'

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
