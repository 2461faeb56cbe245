import t from 'tap'
import { catalogue, payer, setup, types } from './setup.fixture.js'

const day = 86_400

t.test('a test clock carries its customers through renewals, and no others', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const start = Date.UTC(2026, 0, 31) / 1_000
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start })
  const customer = await payer(stripe, { test_clock: clock.id })
  const other = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const untouched = await stripe.subscriptions.create({ customer: other.id, items: [{ price: basic.id }] })
  const before = peer.events().length
  const advancing = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: start + 60 * day })
  t.equal(advancing.status, 'advancing')
  t.match(await stripe.testHelpers.testClocks.retrieve(clock.id), { status: 'ready', frozen_time: start + 60 * day })
  const renewed = await stripe.subscriptions.retrieve(made.id)
  t.equal(renewed.items.data[0]?.current_period_start, Date.UTC(2026, 2, 31) / 1_000, 'a short month moves no day')
  t.equal((await stripe.invoices.list({ subscription: made.id })).data.length, 3)
  t.equal((await stripe.subscriptions.retrieve(untouched.id)).items.data[0]?.current_period_start, untouched.created)
  t.same(types(peer).slice(before, before + 10), [
    'test_helpers.test_clock.advancing',
    'invoice.created',
    'customer.subscription.updated',
    'payment_intent.created',
    'invoice.finalized',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice_payment.paid',
    'invoice.paid',
    'invoice.payment_succeeded',
  ])
  const [created, finalized] = ['invoice.created', 'invoice.finalized'].map(
    (type) =>
      peer
        .events()
        .slice(before)
        .find((event) => event.type === type)?.created,
  )
  t.equal(created, Date.UTC(2026, 1, 28) / 1_000)
  t.equal(finalized! - created!, 3_600, 'a renewal is a draft for an hour')
  await t.rejects(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: start }), {
    message: /must be after/,
    param: 'frozen_time',
  })
  t.equal((await stripe.testHelpers.testClocks.del(clock.id)).deleted, true)
})

for (const [afterLast, end] of [
  ['cancel', 'canceled'],
  ['mark_unpaid', 'unpaid'],
  ['leave_past_due', 'past_due'],
] as const) {
  t.test(`a renewal that cannot be charged is tried again, then: ${end}`, async (t) => {
    const { peer, stripe, clock } = await setup(t, { dunning: { retryAfterDays: [3, 5], afterLast } })
    const { basic } = await catalogue(stripe)
    const customer = await payer(stripe)
    const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id })
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad.id } })
    clock.set(made.items.data[0]!.current_period_end * 1_000 + 3_600_000)
    const late = await stripe.subscriptions.retrieve(made.id, { expand: ['latest_invoice'] })
    t.match(late, {
      status: 'past_due',
      latest_invoice: { status: 'open', attempt_count: 1, next_payment_attempt: clock.now() / 1_000 + 3 * day },
    })
    clock.advance(8 * day * 1_000)
    const ended = await stripe.subscriptions.retrieve(made.id, { expand: ['latest_invoice'] })
    t.match(ended, { status: end, latest_invoice: { status: 'open', attempt_count: 3, next_payment_attempt: null } })
    t.equal(types(peer).filter((type) => type === 'invoice.payment_failed').length, 3)
    if (end === 'canceled') t.equal(ended.cancellation_details?.reason, 'payment_failed')
  })
}

t.test('paying late brings it back, but only the latest invoice does', async (t) => {
  const { peer, stripe, clock } = await setup(t, { dunning: { retryAfterDays: [], afterLast: 'leave_past_due' } })
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  peer.declineNextPayment(2)
  clock.set(Date.UTC(2026, 2, 15, 14))
  const open = (await stripe.invoices.list({ subscription: made.id, status: 'open' })).data
  t.equal(open.length, 2)
  await stripe.invoices.pay(open[1]!.id!)
  t.equal((await stripe.subscriptions.retrieve(made.id)).status, 'past_due')
  await stripe.invoices.pay(open[0]!.id!)
  t.equal((await stripe.subscriptions.retrieve(made.id)).status, 'active')
})

t.test('a trial warns three days before its end, then charges', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: pro.id }],
    trial_period_days: 14,
  })
  const end = clock.now() + 14 * day * 1_000
  t.match(made, { status: 'trialing', trial_end: end / 1_000, items: { data: [{ current_period_end: end / 1_000 }] } })
  clock.set(end - 3 * day * 1_000)
  peer.catchUp()
  t.equal(types(peer).at(-1), 'customer.subscription.trial_will_end')
  clock.set(end)
  t.equal((await stripe.subscriptions.retrieve(made.id)).status, 'active')
  clock.advance(3_600_000)
  const [invoice] = (await stripe.invoices.list({ subscription: made.id, limit: 1 })).data
  t.match(invoice, { status: 'paid', amount_paid: 9900, billing_reason: 'subscription_cycle' })
  t.equal(types(peer).filter((type) => type === 'customer.subscription.trial_will_end').length, 1)
})

t.test('a trial ended by hand is charged at once; without a card it pauses or ends as it says', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: pro.id }],
    trial_period_days: 2,
  })
  t.equal(types(peer).filter((type) => type.endsWith('trial_will_end')).length, 1, 'a short trial warns at once')
  const longer = await stripe.subscriptions.update(made.id, { trial_end: clock.now() / 1_000 + 20 * day })
  t.equal(longer.items.data[0]?.current_period_end, clock.now() / 1_000 + 20 * day)
  const now = await stripe.subscriptions.update(made.id, { trial_end: 'now', expand: ['latest_invoice'] })
  t.match(now, { status: 'active', latest_invoice: { status: 'paid', amount_paid: 9900 } })
  for (const [missing, status] of [
    ['pause', 'paused'],
    ['cancel', 'canceled'],
    ['create_invoice', 'past_due'],
  ] as const) {
    const nobody = await stripe.customers.create({})
    const trial = await stripe.subscriptions.create({
      customer: nobody.id,
      items: [{ price: pro.id }],
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: missing } },
    })
    clock.advance((14 * day + 3_600) * 1_000)
    t.equal((await stripe.subscriptions.retrieve(trial.id)).status, status)
  }
})

t.test('an account is put ahead of its clock; what it signs is not', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  peer.advance((31 * day + 3_600) * 1_000)
  t.equal((await stripe.invoices.list({ subscription: made.id })).data.length, 2)
  peer.setWebhook({ url: 'http://127.0.0.1:1/', secret: 'whsec_x' })
  t.match(peer.sign({}).header, `t=${clock.now() / 1_000},v1=`)
})
