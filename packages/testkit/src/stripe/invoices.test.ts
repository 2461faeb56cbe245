import t from 'tap'
import { catalogue, payer, setup, types } from './setup.fixture.js'

const day = 86_400_000

t.test('a preview is what the change then costs, and changes nothing', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { basic, pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  clock.advance(10 * day + 12_345_000)
  const items = [{ id: made.items.data[0]!.id, price: pro.id }]
  const proration_date = clock.now() / 1_000
  const events = peer.events().length
  const preview = await stripe.invoices.createPreview({
    customer: customer.id,
    subscription: made.id,
    subscription_details: { items, proration_behavior: 'always_invoice', proration_date },
  })
  t.equal(peer.events().length, events)
  t.equal((await stripe.subscriptions.retrieve(made.id)).items.data[0]?.price.id, basic.id)
  t.ok(preview.lines.data.every((line) => line.parent?.subscription_item_details?.proration))
  t.equal(preview.parent?.subscription_details?.subscription_proration_date, proration_date)
  clock.advance(20_000)
  const changed = await stripe.subscriptions.update(made.id, {
    items,
    proration_behavior: 'always_invoice',
    proration_date,
    expand: ['latest_invoice'],
  })
  t.match(changed.latest_invoice, { total: preview.total, amount_due: preview.amount_due })
})

t.test('without a change the preview is the next period; there is none for what ends', async (t) => {
  const { stripe } = await setup(t)
  const { basic, pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const next = await stripe.invoices.createPreview({ subscription: made.id })
  t.match(next, { total: 2900, billing_reason: 'upcoming', status: 'draft' })
  t.equal(next.lines.data[0]?.period.start, made.items.data[0]?.current_period_end)
  const waiting = await stripe.invoices.createPreview({
    subscription: made.id,
    subscription_details: { items: [{ id: made.items.data[0]!.id, price: pro.id }] },
  })
  t.same(
    waiting.lines.data.map(({ amount }) => amount),
    [-2900, 9900, 9900],
  )
  await stripe.subscriptions.update(made.id, { cancel_at_period_end: true })
  await t.rejects(stripe.invoices.createPreview({ subscription: made.id }), {
    code: 'invoice_upcoming_none',
    statusCode: 404,
  })
  const fresh = await stripe.invoices.createPreview({
    customer: customer.id,
    subscription_details: { items: [{ price: pro.id }] },
  })
  t.equal(fresh.total, 9900)
})

t.test('invoices are listed by what they belong to, and have their pages', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  peer.declineNextPayment()
  const open = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const paid = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const ids = async (params: object) => (await stripe.invoices.list(params)).data.map(({ id }) => id)
  t.same(await ids({ customer: customer.id }), [paid.latest_invoice, open.latest_invoice])
  t.same(await ids({ customer: customer.id, status: 'open' }), [open.latest_invoice])
  t.same(await ids({ subscription: paid.id }), [paid.latest_invoice])
  t.same(await ids({ created: { lt: paid.created } }), [])
  const [invoice] = (await stripe.invoices.list({ subscription: open.id })).data
  t.match(invoice?.number, /^[A-Z0-9]{8}-0001$/)
  const page = await (await fetch(invoice!.hosted_invoice_url!)).text()
  t.match(page, /29\.00 USD/)
  await fetch(`${invoice!.hosted_invoice_url}/pay`, { method: 'POST' })
  t.equal((await stripe.invoices.retrieve(invoice!.id!)).status, 'paid', 'paid on its page')
  t.equal((await stripe.subscriptions.retrieve(open.id)).status, 'active')
  const pdf = Buffer.from(await (await fetch(invoice!.invoice_pdf!)).arrayBuffer())
  t.match(pdf.toString('latin1'), /^%PDF-1\.4[\s\S]*29\.00 USD[\s\S]*%%EOF\n$/)
  const lines = await stripe.invoices.listLineItems(invoice!.id!)
  t.equal(lines.data[0]?.amount, 2900)
})

t.test('a refused payment answers 402; void and paid are final', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  peer.declineNextPayment(3)
  const make = () => stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const [one, two] = [await make(), await make()]
  await t.rejects(stripe.invoices.pay(String(one.latest_invoice)), { type: 'StripeCardError', code: 'card_declined' })
  t.match(await stripe.invoices.voidInvoice(String(one.latest_invoice)), { status: 'void' })
  t.equal((await stripe.subscriptions.retrieve(one.id)).status, 'incomplete_expired')
  await t.rejects(stripe.invoices.pay(String(one.latest_invoice)), /no longer be paid/)
  const outside = await stripe.invoices.pay(String(two.latest_invoice), {
    paid_out_of_band: true,
    expand: ['payments'],
  })
  t.match(outside, { status: 'paid', payments: { data: [{ status: 'canceled' }] } })
  await t.rejects(stripe.invoices.pay(String(two.latest_invoice)), /already paid/)
  await t.rejects(stripe.invoices.voidInvoice(String(two.latest_invoice)), /isn't open/)
  t.ok(types(peer).includes('invoice.voided'))
  await t.rejects(stripe.invoices.retrieve('in_x'), { code: 'resource_missing' })
})

t.test('marking an invoice uncollectible lets the subscription go on', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  peer.declineNextPayment()
  clock.advance(31 * day + 3_600_000)
  const late = await stripe.subscriptions.retrieve(made.id)
  t.equal(late.status, 'past_due')
  await stripe.invoices.markUncollectible(String(late.latest_invoice))
  t.equal((await stripe.subscriptions.retrieve(made.id)).status, 'active')
})
