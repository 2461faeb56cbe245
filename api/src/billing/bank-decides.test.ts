/** The payer's bank has the last word: it asks before it pays (3-D Secure), and takes money back (disputes). */
import { dayMs } from '@sath/core'
import { outboxRepository } from '@sath/db'
import t from 'tap'
import { type TestUser, verdict } from '../app.fixture.js'
import { type BillingApp, billingSetup } from './setup.fixture.js'

t.setTimeout(300_000)

const asking = 'pm_card_authenticationRequired'

const subscribe = (app: BillingApp, as: TestUser, plan = 'pro') =>
  app.call('POST', '/v1/billing/subscribe', { as, body: { plan, cycle: 'monthly' } })
const shown = async (app: BillingApp, as: TestUser) =>
  (await app.call('GET', '/v1/billing/subscription', { as })).json()
const paid = async (app: BillingApp, as: TestUser) =>
  (await app.call('GET', '/v1/billing/payments', { as })).json<{ items: { status: string }[] }>().items
const subjects = async ({ db }: BillingApp, { email }: TestUser) =>
  (await outboxRepository(db).list(email)).map(({ subject }) => subject)

/** A user whose bank asks about the first payment, and has no answer yet. */
async function asked(app: BillingApp) {
  const user = await app.user()
  const { checkoutUrl } = (await subscribe(app, user)).json<{ checkoutUrl: string }>()
  const session = checkoutUrl.split('/').at(-1) ?? ''
  if (app.peer.completeCheckout(session, asking)) throw new Error('nobody was asked')
  const { data } = await app.billing.stripe.paymentIntents.list({ limit: 1 })
  await app.deliver()
  return { user, session, intent: data[0]!.id }
}

t.test('a plan begins when the payer confirms the payment to their bank, and not before', async (t) => {
  const app = await billingSetup(t)
  const { user, intent } = await asked(app)
  const waiting = await shown(app, user)
  t.match(waiting, { plan: 'free', source: 'default', stripe: { plan: 'pro', status: 'incomplete', graceEnd: null } })
  t.match(waiting.stripe.invoiceUrl, /^http/, 'where it can be paid')
  t.same([await paid(app, user), await subjects(app, user)], [[], []])
  const again = await subscribe(app, user)
  t.equal(verdict(again), '402 payment-failed', 'no second subscription beside it')
  t.match(again.json<{ detail: string }>().detail, `Pay it at ${waiting.stripe.invoiceUrl}, then`, 'and where to pay')
  app.peer.answerBank(intent)
  await app.deliver()
  t.match(await shown(app, user), { plan: 'pro', source: 'stripe', until: null, stripe: { status: 'active' } })
  t.match(await paid(app, user), [{ status: 'paid', amount: '99.00' }])
  t.match(await subjects(app, user), [/^Invoice /])
})

t.test('who does not confirm may pay with another card', async (t) => {
  const app = await billingSetup(t)
  const { user, session, intent } = await asked(app)
  app.peer.answerBank(intent, false)
  await app.deliver()
  t.match(await shown(app, user), { plan: 'free', stripe: { status: 'incomplete' } })
  t.equal(app.peer.completeCheckout(session), true)
  await app.deliver()
  t.match(await shown(app, user), { plan: 'pro', stripe: { status: 'active' } })
  t.equal((await paid(app, user)).length, 1)
})

t.test('a first payment that nobody confirms is over after 23 hours, and the user may begin anew', async (t) => {
  const app = await billingSetup(t)
  const { user } = await asked(app)
  app.clock.advance(23 * 3_600_000)
  await app.deliver()
  t.match(await shown(app, user), { plan: 'free', stripe: { status: 'incomplete_expired' } })
  t.same([await paid(app, user), await subjects(app, user)], [[], []])
  await app.subscribed(user)
  await app.deliver()
  t.match(await shown(app, user), { plan: 'pro', stripe: { status: 'active' } })
})

t.test('a renewal that the bank asks about leaves the plan for the grace, and confirming mends it', async (t) => {
  const app = await billingSetup(t)
  const { stripe } = app.billing
  const user = await app.user()
  const id = await app.subscribed(user)
  const { customer } = await stripe.subscriptions.retrieve(id)
  const card = await stripe.paymentMethods.attach(asking, { customer: String(customer) })
  await stripe.subscriptions.update(id, { default_payment_method: card.id })
  await app.deliver()
  t.equal(verdict(await subscribe(app, user, 'enterprise')), '402 payment-failed', 'a change asks nobody')
  t.match(await shown(app, user), { plan: 'pro', stripe: { plan: 'pro', status: 'active' } })
  app.clock.advance(32 * dayMs)
  await app.deliver()
  const due = await shown(app, user)
  t.match(due, { plan: 'pro', stripe: { status: 'past_due' } })
  t.equal(due.until, due.stripe.graceEnd)
  t.equal((await subjects(app, user))[0], 'Your payment did not go through')
  const [intent] = (await stripe.paymentIntents.list({ customer: String(customer), limit: 1 })).data
  app.peer.answerBank(intent!.id)
  await app.deliver()
  t.match(await shown(app, user), { plan: 'pro', until: null, stripe: { status: 'active' } })
})

t.test('a dispute takes the plan until it is won, and for good when it is lost', async (t) => {
  for (const [end, plan, status] of [
    ['won', 'pro', 'paid'],
    ['lost', 'free', 'disputed'],
  ] as const) {
    const app = await billingSetup(t)
    const { stripe } = app.billing
    const user = await app.user()
    const id = await app.subscribed(user)
    await app.deliver()
    const { customer } = await stripe.subscriptions.retrieve(id)
    const [charge] = (await stripe.charges.list({ customer: String(customer) })).data
    const dispute = app.peer.dispute(charge!.id)
    await app.deliver()
    t.match(await shown(app, user), { plan: 'free', source: 'default', stripe: { status: 'active' } })
    t.match(await paid(app, user), [{ status: 'disputed' }])
    app.peer.closeDispute(dispute, end)
    await app.deliver()
    t.match(await shown(app, user), { plan, stripe: { status: 'active' } }, end)
    t.match(await paid(app, user), [{ status }])
    app.clock.advance(32 * dayMs)
    await app.deliver()
    t.equal(await app.planOf(user), 'pro', 'the next invoice that is paid gives it again')
  }
})
