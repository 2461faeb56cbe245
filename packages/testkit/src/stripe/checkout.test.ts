/** The real SDK opens checkouts; the page is used as a browser uses it. */
import t from 'tap'
import { catalogue, payer, setup, types } from './setup.fixture.js'

t.test('a checkout paid on its page becomes a subscription of the customer', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await stripe.customers.create({ email: 'ana@example.com', metadata: { tenant: '7' } })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    client_reference_id: '7',
    line_items: [{ price: basic.id, quantity: 1 }],
    subscription_data: { metadata: { tenant: '7' } },
    success_url: 'http://127.0.0.1:1/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:1/plans?a=1&b=2',
  })
  t.match(session, { status: 'open', payment_status: 'unpaid', amount_total: 2900, client_reference_id: '7' })
  const page = await (await fetch(session.url!)).text()
  t.match(page, /<button>Pay<\/button>/)
  t.match(page, /<button>Decline<\/button>/)
  t.match(page, /href="http:\/\/127.0.0.1:1\/plans\?a=1&#38;b=2" role="button">Cancel/, 'addresses are escaped')
  t.match(page, /29\.00 USD/)

  const before = peer.events().length
  const paid = await fetch(`${session.url}/pay`, { method: 'POST', redirect: 'manual' })
  t.equal(paid.status, 303)
  t.equal(paid.headers.get('location'), `http://127.0.0.1:1/done?session=${session.id}`)
  t.same(types(peer).slice(before), [
    'payment_method.attached',
    'customer.subscription.created',
    'invoice.created',
    'customer.updated',
    'payment_intent.created',
    'invoice.finalized',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice_payment.paid',
    'invoice.paid',
    'invoice.payment_succeeded',
    'customer.subscription.updated',
    'checkout.session.completed',
  ])
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription', 'line_items'] })
  t.match(done, { status: 'complete', payment_status: 'paid', url: null, customer: customer.id })
  t.equal(done.line_items?.data[0]?.price?.lookup_key, 'sath_basic_monthly')
  const subscription = done.subscription
  t.match(subscription, { status: 'active', metadata: { tenant: '7' }, customer: customer.id })
  t.equal((await fetch(`${peer.url}/c/pay/${session.id}/pay`, { method: 'POST' })).status, 410, 'paid once only')
})

t.test('a card that is refused leaves the session open and no subscription', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: basic.id, quantity: 1 }],
    success_url: 'http://127.0.0.1:1/done',
  })
  const refused = await fetch(`${session.url}/decline`, { method: 'POST' })
  t.equal(refused.status, 402)
  t.match(await refused.text(), /role="alert">Your card was declined/)
  t.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open')
  t.equal((await stripe.subscriptions.list({ status: 'all' })).data.length, 0)
  peer.declineNextPayment()
  t.equal(peer.completeCheckout(session.id), false)
  t.equal(peer.completeCheckout(session.id), true, 'one payment was declined, the next goes through')
  t.equal(types(peer).filter((type) => type === 'charge.failed').length, 2)
})

t.test('a trial costs nothing today', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: pro.id, quantity: 1 }],
    subscription_data: { trial_period_days: 14 },
    success_url: 'http://127.0.0.1:1/done',
  })
  t.equal(session.amount_total, 0)
  peer.completeCheckout(session.id)
  const { payment_status, subscription } = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ['subscription'],
  })
  t.equal(payment_status, 'no_payment_required')
  t.match(subscription, { status: 'trialing', trial_end: clock.now() / 1_000 + 14 * 86_400 })
})

t.test('a payment for an amount made on the spot, with its receipt', async (t) => {
  const { peer, stripe } = await setup(t)
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    customer_email: 'bo@example.com',
    line_items: [
      { price_data: { currency: 'jpy', unit_amount: 5000, product_data: { name: 'Pro, 30 days' } }, quantity: 2 },
    ],
    payment_intent_data: { metadata: { order: 'x' } },
    success_url: 'http://127.0.0.1:1/done',
  })
  t.match(await (await fetch(session.url!)).text(), /10000 JPY/, 'yen have no hundredths')
  peer.completeCheckout(session.id)
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge'] })
  t.match(done, { customer: null, customer_details: { email: 'bo@example.com' }, amount_total: 10000 })
  t.match(done.payment_intent, { metadata: { order: 'x' }, latest_charge: { paid: true, amount: 10000 } })
})

t.test('sessions expire: by hand, and by themselves after a day', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const open = () =>
    stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: basic.id, quantity: 1 }],
      success_url: 'http://127.0.0.1:1/done',
    })
  const first = await open()
  const second = await open()
  t.match(await stripe.checkout.sessions.expire(first.id), { status: 'expired', url: null })
  await t.rejects(stripe.checkout.sessions.expire(first.id), /status of expired/)
  clock.advance(86_400_000)
  t.equal((await stripe.checkout.sessions.list({ status: 'expired' })).data.length, 2)
  t.equal(types(peer).filter((type) => type === 'checkout.session.expired').length, 2)
  t.equal((await fetch(`${peer.url}/c/pay/${second.id}`)).status, 410)
})

t.test('a session says no as Stripe does', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const line_items = [{ price: basic.id, quantity: 1 }]
  const success_url = 'http://127.0.0.1:1/done'
  await t.rejects(stripe.checkout.sessions.create({ mode: 'payment', line_items, success_url }), /recurring price/)
  await t.rejects(stripe.checkout.sessions.create({ mode: 'subscription', success_url }), {
    code: 'parameter_missing',
    param: 'line_items',
  })
  const customer = await stripe.customers.create({})
  peer.deleteCustomer(customer.id)
  await t.rejects(
    stripe.checkout.sessions.create({ mode: 'subscription', customer: customer.id, line_items, success_url }),
    {
      code: 'resource_missing',
      param: 'customer',
      statusCode: 404,
    },
  )
})
