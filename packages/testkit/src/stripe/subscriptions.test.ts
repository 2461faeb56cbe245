import t from 'tap'
import { catalogue, payer, setup, types } from './setup.fixture.js'

const day = 86_400_000

t.test('a new subscription is paid, with its period on the item', async (t) => {
  const { stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: basic.id }],
    metadata: { tenant: '7' },
    expand: ['latest_invoice.payments.data.payment.payment_intent'],
  })
  const now = clock.now() / 1_000
  t.match(made, { status: 'active', cancel_at: null, trial_end: null, currency: 'usd', billing_cycle_anchor: now })
  t.notOk('current_period_end' in made, 'the period is not on the subscription')
  t.match(made.items.data[0], {
    current_period_start: now,
    current_period_end: Date.UTC(2026, 1, 15, 12) / 1_000,
    price: { id: basic.id },
    plan: { id: basic.id, amount: 2900 },
  })
  t.match(made.latest_invoice, {
    status: 'paid',
    billing_reason: 'subscription_create',
    amount_paid: 2900,
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: made.id, metadata: { tenant: '7' } },
    },
    lines: {
      data: [
        {
          parent: { subscription_item_details: { subscription: made.id } },
          pricing: { price_details: { price: basic.id } },
        },
      ],
    },
    payments: { data: [{ status: 'paid', payment: { payment_intent: { status: 'succeeded', amount: 2900 } } }] },
  })
  t.notOk('payment_intent' in (made.latest_invoice as object))
})

t.test(
  'a first payment that is refused leaves it incomplete; paying the invoice makes it active, waiting ends it',
  async (t) => {
    const { peer, stripe, clock } = await setup(t)
    const { basic, pro } = await catalogue(stripe)
    const customer = await payer(stripe)
    peer.declineNextPayment(2)
    const paid = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
    const left = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }] })
    t.same([paid.status, left.status], ['incomplete', 'incomplete'])
    await stripe.invoices.pay(String(paid.latest_invoice))
    t.equal((await stripe.subscriptions.retrieve(paid.id)).status, 'active')
    clock.advance(23 * 3_600_000)
    t.equal((await stripe.subscriptions.retrieve(left.id)).status, 'incomplete_expired')
    peer.declineNextPayment()
    await t.rejects(
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: pro.id }],
        payment_behavior: 'error_if_incomplete',
      }),
      { type: 'StripeCardError', code: 'card_declined', statusCode: 402 },
    )
    const nobody = await stripe.customers.create({})
    await t.rejects(
      stripe.subscriptions.create({ customer: nobody.id, items: [{ price: pro.id }] }),
      /no attached payment/,
    )
  },
)

t.test('an upgrade in the middle is prorated to the second and waits for the next invoice', async (t) => {
  const { stripe, clock } = await setup(t)
  const { basic, pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  clock.advance(15.5 * day)
  const id = made.items.data[0]!.id
  const changed = await stripe.subscriptions.update(made.id, { items: [{ id, price: pro.id }] })
  t.equal(changed.items.data[0]?.price.id, pro.id)
  t.equal(changed.latest_invoice, made.latest_invoice, 'nothing was invoiced')
  clock.advance(15.5 * day + 3_600_000)
  const [next] = (await stripe.invoices.list({ subscription: made.id, limit: 1 })).data
  t.same(
    next?.lines.data.map(({ amount }) => amount),
    [-1450, 4950, 9900],
  )
  t.match(next, { status: 'paid', amount_paid: 13400, billing_reason: 'subscription_cycle' })
})

t.test(
  'an upgrade invoiced at once is charged at once; a refused card makes it past due, or changes nothing',
  async (t) => {
    const { peer, stripe, clock } = await setup(t)
    const { basic, pro } = await catalogue(stripe)
    const customer = await payer(stripe)
    const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
    clock.advance(15.5 * day)
    const items = [{ id: made.items.data[0]!.id, price: pro.id }]
    const upgrade = { items, proration_behavior: 'always_invoice' } as const
    peer.declineNextPayment()
    await t.rejects(stripe.subscriptions.update(made.id, { ...upgrade, payment_behavior: 'error_if_incomplete' }), {
      code: 'card_declined',
    })
    t.equal((await stripe.subscriptions.retrieve(made.id)).items.data[0]?.price.id, basic.id)
    peer.declineNextPayment()
    const changed = await stripe.subscriptions.update(made.id, { ...upgrade, expand: ['latest_invoice'] })
    t.match(changed, { status: 'past_due', latest_invoice: { status: 'open', amount_due: 3500, attempt_count: 1 } })
    const last = peer.events().findLast(({ type }) => type === 'customer.subscription.updated')
    t.match(last?.data.previous_attributes, { status: 'active' })
  },
)

t.test('a downgrade leaves a credit that the next invoices use up', async (t) => {
  const { stripe, clock } = await setup(t)
  const { basic, pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }] })
  clock.advance(15.5 * day)
  const items = [{ id: made.items.data[0]!.id, price: basic.id }]
  const changed = await stripe.subscriptions.update(made.id, {
    items,
    proration_behavior: 'always_invoice',
    expand: ['latest_invoice'],
  })
  t.match(changed.latest_invoice, { status: 'paid', total: -3500, amount_due: 0, ending_balance: -3500 })
  clock.advance(15.5 * day + 3_600_000)
  const [next] = (await stripe.invoices.list({ subscription: made.id, limit: 1 })).data
  t.match(next, { total: 2900, amount_due: 0, starting_balance: -3500, ending_balance: -600, status: 'paid' })
  t.match(await stripe.customers.retrieve(customer.id), { balance: -600 })
})

t.test('another interval begins the cycle anew and invoices at once', async (t) => {
  const { stripe, clock } = await setup(t)
  const { basic, basicYear } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  clock.advance(15.5 * day)
  const items = [{ id: made.items.data[0]!.id, price: basicYear.id }]
  const changed = await stripe.subscriptions.update(made.id, { items, expand: ['latest_invoice'] })
  t.match(changed, {
    latest_invoice: { total: 29000 - 1450, status: 'paid' },
    billing_cycle_anchor: clock.now() / 1_000,
  })
  t.equal(changed.items.data[0]?.current_period_end, Date.UTC(2027, 0, 31) / 1_000)
})

t.test('a cycle begun anew credits the rest of the old one', async (t) => {
  const { stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  clock.advance(15.5 * day)
  const changed = await stripe.subscriptions.update(made.id, {
    billing_cycle_anchor: { type: 'now' },
    expand: ['latest_invoice'],
  })
  t.match(changed, { latest_invoice: { total: 1450 }, billing_cycle_anchor: clock.now() / 1_000 })
})

t.test('an item without its id is added beside the others, as at Stripe', async (t) => {
  const { stripe } = await setup(t)
  const { basic, pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const changed = await stripe.subscriptions.update(made.id, { items: [{ price: pro.id }] })
  t.equal(changed.items.data.length, 2)
  await t.rejects(stripe.subscriptions.update(made.id, { items: [{ price: pro.id }] }), /same plan/)
  await t.rejects(stripe.subscriptions.update(made.id, { items: [{ id: 'si_x', price: pro.id }] }), {
    code: 'resource_missing',
  })
})

t.test('canceling at the end of the period, taking it back, and the end itself', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const end = made.items.data[0]!.current_period_end
  const ending = await stripe.subscriptions.update(made.id, { cancel_at_period_end: true })
  t.match(ending, { status: 'active', cancel_at: end, cancel_at_period_end: true, canceled_at: clock.now() / 1_000 })
  const resumed = await stripe.subscriptions.update(made.id, { cancel_at_period_end: false })
  t.match(resumed, { cancel_at: null, cancel_at_period_end: false, canceled_at: null })
  await stripe.subscriptions.update(made.id, { cancel_at: 'min_period_end' })
  clock.set(end * 1_000 - 1)
  t.equal((await stripe.subscriptions.retrieve(made.id)).status, 'active')
  clock.advance(1)
  t.match(await stripe.subscriptions.retrieve(made.id), {
    status: 'canceled',
    ended_at: end,
    cancellation_details: { reason: 'cancellation_requested' },
  })
  t.equal(types(peer).at(-1), 'customer.subscription.deleted')
  await t.rejects(stripe.subscriptions.update(made.id, { cancel_at_period_end: false }), /canceled subscription/)
})

t.test('canceling now, with the unused time credited', async (t) => {
  const { stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  clock.advance(15.5 * day)
  const ended = await stripe.subscriptions.cancel(made.id, {
    prorate: true,
    invoice_now: true,
    expand: ['latest_invoice'],
  })
  t.match(ended, { status: 'canceled', latest_invoice: { total: -1450 } })
  await t.rejects(stripe.subscriptions.cancel(made.id), { code: 'resource_missing' })
})

t.test('lists leave out what was canceled unless asked', async (t) => {
  const { stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const make = () => stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const [one, two] = [await make(), await make()]
  await stripe.subscriptions.cancel(one.id)
  const ids = async (status?: 'all' | 'canceled') =>
    (await stripe.subscriptions.list({ customer: customer.id, ...(status && { status }) })).data.map(({ id }) => id)
  t.same(await ids(), [two.id])
  t.same(await ids('all'), [two.id, one.id])
  t.same(await ids('canceled'), [one.id])
  t.equal((await stripe.subscriptions.list({ customer: customer.id, status: 'all', limit: 1 })).has_more, true)
})

t.test('a pause stops it; resuming charges a new period', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  t.match(await stripe.subscriptions.pause(made.id, { type: 'subscription' }), { status: 'paused' })
  clock.advance(60 * day)
  t.match(await stripe.subscriptions.resume(made.id), { status: 'active', billing_cycle_anchor: clock.now() / 1_000 })
  t.ok(types(peer).includes('customer.subscription.paused'))
  t.ok(types(peer).includes('customer.subscription.resumed'))
  t.equal((await stripe.invoices.list({ subscription: made.id })).data.length, 2, 'the pause was not charged')
  const held = await stripe.subscriptions.update(made.id, { pause_collection: { behavior: 'void' } })
  t.same(held.pause_collection, { behavior: 'void', resumes_at: null })
  clock.advance(31 * day)
  t.equal((await stripe.invoices.list({ subscription: made.id, limit: 1 })).data[0]?.status, 'void')
  t.equal((await stripe.subscriptions.update(made.id, { pause_collection: '' })).pause_collection, null)
})
