/** 3-D Secure through the real SDK: the payer's bank asks before it pays. */
import type Stripe from 'stripe'
import t from 'tap'
import { catalogue, payer, setup, types } from './setup.fixture.js'

const asking = 'pm_card_authenticationRequired'

/** A checkout on which a card was used whose bank asks. */
async function asked(t: Parameters<typeof setup>[0]) {
  const { peer, stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await stripe.customers.create({ email: 'ana@example.com' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: basic.id, quantity: 1 }],
    success_url: 'http://127.0.0.1:1/done',
  })
  const before = peer.events().length
  if (peer.completeCheckout(session.id, asking)) throw new Error('nobody was asked')
  const [intent] = (await stripe.paymentIntents.list({ customer: customer.id })).data
  return { peer, stripe, clock, customer, session: session.id, intent: intent!.id, before }
}

t.test('a checkout waits for the payer’s bank, and is complete when the payer confirms', async (t) => {
  const { peer, stripe, customer, session, intent, before } = await asked(t)
  t.same(types(peer).slice(before), [
    'payment_method.attached',
    'customer.subscription.created',
    'invoice.created',
    'customer.updated',
    'payment_intent.created',
    'invoice.finalized',
    'payment_intent.requires_action',
    'invoice.payment_failed',
    'invoice.payment_action_required',
  ])
  const [made] = (await stripe.subscriptions.list({ customer: customer.id, expand: ['data.latest_invoice'] })).data
  t.match(made, { status: 'incomplete', latest_invoice: { status: 'open', attempted: true } })
  t.match(await stripe.paymentIntents.retrieve(intent), { status: 'requires_action', latest_charge: null })
  t.match(await stripe.checkout.sessions.retrieve(session), { status: 'open', payment_status: 'unpaid' })
  const asking = peer.events().length
  t.equal(peer.answerBank(intent), true)
  t.same(types(peer).slice(asking), [
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice_payment.paid',
    'invoice.paid',
    'invoice.payment_succeeded',
    'customer.subscription.updated',
    'checkout.session.completed',
  ])
  t.match(await stripe.checkout.sessions.retrieve(session), {
    status: 'complete',
    payment_status: 'paid',
    subscription: made!.id,
  })
  t.match(await stripe.subscriptions.retrieve(made!.id), { status: 'active' })
  t.throws(() => peer.answerBank(intent), /succeeded/, 'asked once')
})

t.test('who does not confirm pays with another card, for the same subscription', async (t) => {
  const { peer, stripe, customer, session, intent } = await asked(t)
  t.equal(peer.answerBank(intent, false), false)
  t.match(await stripe.paymentIntents.retrieve(intent), {
    status: 'requires_payment_method',
    last_payment_error: { code: 'payment_intent_authentication_failure' },
  })
  t.equal(peer.completeCheckout(session), true)
  const { data } = await stripe.subscriptions.list({ customer: customer.id, status: 'all' })
  t.match(data, [{ status: 'active' }])
  t.equal((await stripe.checkout.sessions.retrieve(session)).status, 'complete')
})

t.test('a first payment that nobody confirms expires after 23 hours, and its invoice is void', async (t) => {
  const { peer, stripe, clock, customer, intent } = await asked(t)
  const status = async () => (await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data[0]?.status
  clock.advance(23 * 3_600_000 - 1_000)
  t.equal(await status(), 'incomplete')
  clock.advance(1_000)
  const before = peer.events().length
  t.equal(await status(), 'incomplete_expired')
  t.same(types(peer).slice(before), ['invoice.voided', 'payment_intent.canceled', 'customer.subscription.updated'])
  t.match((await stripe.invoices.list({ customer: customer.id })).data, [{ status: 'void' }])
  t.throws(() => peer.answerBank(intent), /canceled/)
})

t.test(
  'a renewal that the bank asks about is past due until it is confirmed; a change can be refused for it',
  async (t) => {
    const { peer, stripe, clock } = await setup(t)
    const { basic, pro } = await catalogue(stripe)
    const customer = await payer(stripe)
    const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
    const card = await stripe.paymentMethods.attach(asking, { customer: customer.id })
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } })
    const change = stripe.subscriptions.update(made.id, {
      items: [{ id: made.items.data[0]!.id, price: pro.id }],
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    })
    await t.rejects(change, { statusCode: 402, code: 'subscription_payment_intent_requires_action' })
    t.equal((await stripe.subscriptions.retrieve(made.id)).items.data[0]?.price.id, basic.id)
    clock.advance(32 * 86_400_000)
    const due = await stripe.subscriptions.retrieve(made.id, { expand: ['latest_invoice.payments'] })
    t.equal(due.status, 'past_due')
    const invoice = due.latest_invoice as Stripe.Invoice
    await t.rejects(stripe.invoices.pay(invoice.id!), { code: 'invoice_payment_intent_requires_action' })
    t.equal(peer.answerBank(String(invoice.payments?.data[0]?.payment.payment_intent)), true)
    t.equal((await stripe.subscriptions.retrieve(made.id)).status, 'active')
  },
)
