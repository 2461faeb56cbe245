/** Money that goes back, and payment links. */
import t from 'tap'
import { catalogue, payer, setup, types } from './setup.fixture.js'

async function charged(t: Parameters<typeof setup>[0]) {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data
  return { peer, stripe, subscription, charge: charge! }
}

t.test('a charge is refunded in parts, and no more than it was', async (t) => {
  const { peer, stripe, charge } = await charged(t)
  t.match(await stripe.refunds.create({ charge: charge.id, amount: 900 }), { amount: 900, status: 'succeeded' })
  t.match(await stripe.charges.retrieve(charge.id), { amount_refunded: 900, refunded: false })
  await t.rejects(stripe.refunds.create({ charge: charge.id, amount: 2001 }), /greater than unrefunded/)
  const rest = await stripe.refunds.create({
    payment_intent: String(charge.payment_intent),
    reason: 'requested_by_customer',
  })
  t.equal(rest.amount, 2000)
  t.match(await stripe.charges.retrieve(charge.id, { expand: ['refunds'] }), {
    refunded: true,
    refunds: { data: [{}, {}] },
  })
  await t.rejects(stripe.refunds.create({ charge: charge.id }), { code: 'charge_already_refunded' })
  t.equal((await stripe.refunds.list({ charge: charge.id })).data.length, 2)
  t.equal(types(peer).filter((type) => type === 'charge.refunded').length, 2)
  const page = await (await fetch((await stripe.charges.retrieve(charge.id)).receipt_url!)).text()
  t.match(page, /Refunded: 29\.00 USD/)
})

t.test('an invoice is found from its charge', async (t) => {
  const { stripe, subscription, charge } = await charged(t)
  const payments = await stripe.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: String(charge.payment_intent) },
  })
  t.equal(payments.data[0]?.invoice, subscription.latest_invoice)
  t.equal((await stripe.paymentIntents.retrieve(String(charge.payment_intent))).latest_charge, charge.id)
})

t.test('a dispute takes the money back until it is decided', async (t) => {
  const { peer, stripe, charge } = await charged(t)
  const id = peer.dispute(charge.id)
  t.match(await stripe.disputes.retrieve(id), { charge: charge.id, amount: 2900, status: 'needs_response' })
  t.match(await stripe.charges.retrieve(charge.id), { disputed: true })
  t.same(types(peer).slice(-2), ['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
  await t.rejects(stripe.refunds.create({ charge: charge.id }), { code: 'charge_disputed' })
  t.throws(() => peer.dispute(charge.id))
})

t.test('whoever opens a payment link pays a checkout of their own', async (t) => {
  const { peer, stripe } = await setup(t)
  const link = await stripe.paymentLinks.create({
    line_items: [
      { price_data: { currency: 'eur', unit_amount: 9900, product_data: { name: 'Pro, 30 days' } }, quantity: 1 },
    ],
    metadata: { tenant: '7' },
    restrictions: { completed_sessions: { limit: 1 } },
    after_completion: { type: 'redirect', redirect: { url: 'http://127.0.0.1:1/thanks' } },
  })
  const opened = await fetch(`${link.url}?client_reference_id=7&prefilled_email=bo%40example.com`, {
    redirect: 'manual',
  })
  const id = opened.headers.get('location')!.split('/').at(-1)!
  t.match(await stripe.checkout.sessions.retrieve(id), {
    payment_link: link.id,
    client_reference_id: '7',
    customer_email: 'bo@example.com',
    metadata: { tenant: '7' },
    mode: 'payment',
  })
  const paid = await fetch(`${peer.url}/c/pay/${id}/pay`, { method: 'POST', redirect: 'manual' })
  t.equal(paid.headers.get('location'), 'http://127.0.0.1:1/thanks')
  t.equal((await fetch(link.url)).status, 410, 'used up')
  const other = await stripe.paymentLinks.create({
    line_items: [{ price: (await catalogue(stripe)).pro.id, quantity: 1 }],
  })
  await stripe.paymentLinks.update(other.id, { active: false })
  t.equal((await fetch(other.url)).status, 410)
  t.same(
    (await stripe.paymentLinks.list({ active: true })).data.map(({ id }) => id),
    [link.id],
  )
  t.equal((await stripe.paymentLinks.listLineItems(link.id)).data[0]?.amount_total, 9900)
})

t.test('a dispute that is won gives the money back, one that is lost does not; each is decided once', async (t) => {
  for (const [end, told] of [
    ['won', ['charge.dispute.closed', 'charge.dispute.funds_reinstated']],
    ['lost', ['charge.dispute.closed']],
  ] as const) {
    const { peer, stripe, charge } = await charged(t)
    const id = peer.dispute(charge.id)
    const before = peer.events().length
    peer.closeDispute(id, end)
    t.same(types(peer).slice(before), told)
    t.equal((await stripe.disputes.retrieve(id)).status, end)
    t.match(await stripe.charges.retrieve(charge.id), { disputed: true }, 'it was disputed all the same')
    t.throws(() => peer.closeDispute(id, 'won'))
  }
})
