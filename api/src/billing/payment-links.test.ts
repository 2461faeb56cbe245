import { auditLog, billingCustomers, outbox, plans, users } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { setup, type TestUser, verdict } from '../app.fixture.js'
import { billingSetup } from './setup.fixture.js'

interface Link {
  readonly url: string
  readonly expiresAt: string
  readonly mailed: boolean
}
const ids = { plan: 'pro', cycle: 'monthly' }

t.test('an admin sends the page where a user pays, once for each page', async (t) => {
  const app = await billingSetup(t)
  const [user, admin] = [await app.user(), await app.user('admin')]
  const ask = (body: object = {}, headers = {}, as: TestUser = admin) =>
    app.call('POST', '/v1/admin/payment-links', { as, body: { userId: user.id, ...ids, ...body }, headers })
  const key = { 'idempotency-key': 'first' }
  const first = await ask({}, key)
  t.equal(first.statusCode, 201)
  const link = first.json<Link>()
  t.match(link, { url: /^http/, mailed: true })
  t.ok(Date.parse(link.expiresAt) > Date.now())
  t.same((await ask({}, key)).json(), link, 'the same key gives the same answer')
  t.equal(verdict(await ask({ plan: 'basic' }, key)), '409 idempotency-conflict')
  t.same((await ask()).json(), { ...link, mailed: false }, 'the page that is open is not mailed again')
  const own = await app.call('POST', '/v1/billing/subscribe', { as: user, body: ids })
  t.equal(own.json<{ checkoutUrl: string }>().checkoutUrl, link.url, 'and is what the user would get')
  t.match(await app.db.select().from(outbox).where(eq(outbox.toAddress, user.email)), [
    { subject: 'Your link to pay for Pro', text: /\$99\.00 a month/, links: [link.url] },
  ])
  const audited = await app.db.select().from(auditLog).where(eq(auditLog.action, 'admin.payment-link'))
  t.match(audited, [
    { actorId: admin.id, target: user.id, fields: { plan: 'pro', mailed: true } },
    { fields: { mailed: false } },
  ])
  t.notMatch(JSON.stringify(audited), link.url)

  t.ok(app.peer.completeCheckout(new URL(link.url).pathname.split('/').at(-1) ?? ''))
  await app.deliver()
  t.equal(await app.planOf(user), 'pro')
  t.equal(verdict(await ask({ plan: 'basic' })), '409 in-use', 'nobody changes the plan of somebody else who pays')
  t.equal(await app.planOf(user), 'pro')
  t.same((await ask({}, key)).json(), link)
})

t.test(
  'a link is refused to those who may not send one, for whom there is none, and while Stripe is away',
  async (t) => {
    const app = await billingSetup(t)
    const [user, closed, admin] = [await app.user(), await app.user(), await app.user('superadmin')]
    await app.db.update(users).set({ isActive: false }).where(eq(users.id, closed.id))
    const ask = (body: object, as: TestUser = admin, headers = {}) =>
      app.call('POST', '/v1/admin/payment-links', { as, body: { userId: user.id, ...ids, ...body }, headers })
    for (const [body, as, refusal] of [
      [{}, user, '403 forbidden'],
      [{}, await app.user('support'), '403 forbidden'],
      [{ userId: crypto.randomUUID() }, admin, '404 not-found'],
      [{ plan: 'free' }, admin, '400 invalid-request'],
      [{ plan: 'gold' }, admin, '400 invalid-request'],
    ] as const)
      t.equal(verdict(await ask(body, as)), refusal)
    t.match(verdict(await ask({ userId: closed.id })), 'account-inactive')
    await app.peer.setDown('error')
    const key = { 'idempotency-key': 'again' }
    t.equal(verdict(await ask({}, admin, key)), '503 service-unavailable')
    t.equal(await app.db.$count(outbox), 0)
    t.equal(await app.db.$count(billingCustomers), 0)
    await app.peer.setDown(false)
    await app.db.update(plans).set({ trialDays: 14 }).where(eq(plans.id, 'pro'))
    t.equal(verdict(await ask({}, admin, key)), '201', 'what was refused may be asked again with its key')
    const [mail] = await app.db.select().from(outbox)
    t.match(mail?.text, /\$0\.00/, 'a trial costs nothing yet')
  },
)

t.test('without Stripe there is no link', async (t) => {
  const app = await setup(t)
  const [user, admin] = [await app.user(), await app.user('admin')]
  const answer = await app.call('POST', '/v1/admin/payment-links', { as: admin, body: { userId: user.id, ...ids } })
  t.equal(verdict(answer), '503 billing-not-configured')
})
