import t from 'tap'
import { verdict } from '../app.fixture.js'
import { billingSetup } from './setup.fixture.js'

t.test('a user subscribes, and has the plan once Stripe has rung', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user)
  t.equal(await app.planOf(user), 'free', 'paid is not yet told')
  await app.deliver()
  t.equal(await app.planOf(user), 'pro')
  const shown = await app.call('GET', '/v1/billing/subscription', { as: user })
  t.match(shown.json(), {
    plan: 'pro',
    source: 'stripe',
    takesPayments: true,
    stripe: { plan: 'pro', cycle: 'monthly', status: 'active', amount: '99.00', currency: 'USD', cancelAt: null },
  })
  t.notMatch(shown.body, id, 'the page needs no id')
  const payments = await app.call('GET', '/v1/billing/payments', { as: user })
  t.match(payments.json(), {
    items: [{ method: 'stripe', amount: '99.00', currency: 'USD', status: 'paid', plan: 'pro' }],
  })
  const invoices = await app.call('GET', '/v1/billing/invoices', { as: user })
  t.match(invoices.json(), {
    items: [{ status: 'paid', total: '99.00', paid: '99.00', due: '0.00', url: /^http/ }],
    nextCursor: null,
  })
  t.equal(verdict(await app.call('POST', '/v1/billing/portal', { as: user })), '200')
})
