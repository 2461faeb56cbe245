import t from 'tap'
import { catalogue, payer, setup } from './setup.fixture.js'

t.test('the portal cancels, resumes, changes the plan and the card, of its own customer only', async (t) => {
  const { stripe } = await setup(t)
  const { basic, pro } = await catalogue(stripe)
  const customer = await payer(stripe)
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  const stranger = await payer(stripe)
  const theirs = await stripe.subscriptions.create({ customer: stranger.id, items: [{ price: basic.id }] })
  const portal = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: 'http://127.0.0.1:1/billing',
  })
  const page = async () => (await fetch(portal.url)).text()
  const press = (name: string, fields: Record<string, string>) =>
    fetch(`${portal.url}/${name}`, { method: 'POST', body: new URLSearchParams(fields) })
  const mine = () => stripe.subscriptions.retrieve(made.id)

  t.match(await page(), /Basic, 29\.00 USD every 1 month/)
  t.match(await page(), /<a href="http:\/\/127\.0\.0\.1:1\/billing">Return/)
  t.equal((await press('cancel', { subscription: made.id })).status, 200, 'shows the page again')
  t.match(await mine(), { cancel_at_period_end: true })
  t.match(await page(), /Resume plan/)
  await press('resume', { subscription: made.id })
  t.match(await mine(), { cancel_at_period_end: false })
  await press('plan', { subscription: made.id, price: pro.id })
  t.equal((await mine()).items.data[0]?.price.id, pro.id)
  t.equal((await stripe.invoices.list({ customer: customer.id })).data.length, 2, 'the change is invoiced at once')
  await press('card', { card: 'bad' })
  const { default_payment_method } = await mine()
  t.equal((await stripe.paymentMethods.retrieve(String(default_payment_method))).card?.last4, '0341')
  t.equal((await press('cancel', { subscription: theirs.id })).status, 404)
  t.match(await stripe.subscriptions.retrieve(theirs.id), { cancel_at_period_end: false })
})
