import { type Mail, outbox, users } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { config, strategy, type TestUser, verdict } from '../app.fixture.js'
import { type BillingApp, billingSetup } from './setup.fixture.js'

const dayMs = 86_400_000

async function mails({ db }: BillingApp, { email }: TestUser): Promise<Mail[]> {
  return db.select().from(outbox).where(eq(outbox.toAddress, email)).orderBy(outbox.createdAt, outbox.id)
}
const subjects = async (app: BillingApp, user: TestUser) => (await mails(app, user)).map(({ subject }) => subject)

t.test('a paid invoice is mailed with what it was for, in the language of its reader', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.db.update(users).set({ locale: 'es-ES' }).where(eq(users.id, user.id))
  const id = await app.subscribed(user)
  await app.deliver()
  const [invoice] = (await app.billing.stripe.invoices.list({ subscription: id })).data
  const [mail, ...more] = await mails(app, user)
  t.same(more, [])
  t.match(mail, { subject: `Factura ${invoice?.number}`, links: [invoice?.hosted_invoice_url] })
  for (const words of ['Pro', '99,00'] as const) t.ok(mail?.text.includes(words), words)
})

t.test('a payment that failed is mailed once, with the end of its grace, and its payment later', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const id = await app.subscribed(user, 'basic')
  await app.deliver()
  app.peer.declineNextPayment()
  app.clock.advance(32 * dayMs)
  await app.deliver()
  await app.deliver()
  const sent = await mails(app, user)
  t.equal(sent.length, 2)
  t.match(sent[1], { subject: 'Your payment did not go through', text: /29\.00/ })
  const shown = (await app.call('GET', '/v1/billing/subscription', { as: user })).json<{
    stripe: { graceEnd: string; invoiceUrl: string }
  }>().stripe
  const end = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(shown.graceEnd))
  t.ok(sent[1]?.text.includes(end), end)
  t.same(sent[1]?.links, [shown.invoiceUrl])
  const { latest_invoice } = await app.billing.stripe.subscriptions.retrieve(id)
  await app.billing.stripe.invoices.pay(String(latest_invoice))
  await app.deliver()
  t.match((await subjects(app, user)).slice(2), [/^Invoice /])
})

t.test('a change that waits is mailed with what it will do, once for each day and plan', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.subscribed(user)
  await app.deliver()
  const many = config({ strategies: ['One', 'Two', 'Three', 'Four'].map((name) => strategy({ name })) })
  const saved = await app.call('PUT', '/v1/bot/config', { as: user, body: { version: 0, config: many } })
  t.equal(verdict(saved), '200', saved.body)
  const ask = (path: string, body?: object) => app.call('POST', `/v1/billing/${path}`, { as: user, body })
  for (const [path, body] of [
    ['cancel', undefined],
    ['resume', undefined],
    ['cancel', undefined],
    ['resume', undefined],
    ['subscribe', { plan: 'basic', cycle: 'monthly' }],
    ['cancel', undefined],
  ] as const)
    t.equal(verdict(await ask(path, body)), '200', path)
  await app.deliver()
  const [, toFree, toBasic, ...more] = await mails(app, user)
  t.same(more, [])
  t.match(toFree, { subject: 'Your plan will change to Free', text: /Four[^\n]*will be paused/ })
  t.match(toBasic, { subject: 'Your plan will change to Basic' })
})

t.test('nobody is told of a change that changes nothing for them, nor of an address that is not theirs', async (t) => {
  const app = await billingSetup(t)
  const admin = await app.user('superadmin')
  const given = await app.user()
  await app.subscribed(given)
  await app.deliver()
  const answer = await app.call('PUT', `/v1/admin/users/${given.id}`, { as: admin, body: { plan: 'enterprise' } })
  t.equal(verdict(answer), '200')
  await app.call('POST', '/v1/billing/cancel', { as: given })
  t.match(await subjects(app, given), [/^Invoice /])
  const unknown = await app.user()
  await app.db.update(users).set({ emailVerifiedAt: null }).where(eq(users.id, unknown.id))
  await app.subscribed(unknown)
  await app.deliver()
  t.equal(await app.planOf(unknown), 'pro')
  t.same(await subjects(app, unknown), [])
})

t.test('the first look at a customer of long ago mails nothing of then', async (t) => {
  for (const [days, told] of [
    [31, 0],
    [29, 2],
  ] as const) {
    const app = await billingSetup(t, { clock: () => Date.now() - days * dayMs })
    const user = await app.user()
    const id = await app.subscribed(user, 'pro', 'yearly')
    await app.billing.stripe.subscriptions.update(id, { cancel_at_period_end: true })
    await app.deliver()
    t.equal(await app.planOf(user), 'pro')
    t.equal((await subjects(app, user)).length, told, `${days} days ago`)
  }
})

t.test('a mail that cannot be written keeps no plan from being right, and is written later', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.db.execute('alter table outbox rename to outbox_away')
  await app.subscribed(user)
  await app.deliver()
  t.equal(await app.planOf(user), 'pro')
  t.ok(app.lines.some((line) => line.includes('a mail about a subscription waits')))
  await app.db.execute('alter table outbox_away rename to outbox')
  const [event] = app.peer.events().slice(-1)
  const { body, header } = app.peer.sign({ ...event, id: 'evt_later' })
  await app.ring(body, header)
  await app.settle()
  t.match(await subjects(app, user), [/^Invoice /])
})
