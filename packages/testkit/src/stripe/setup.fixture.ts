/** A peer with the real SDK in front of it and an endpoint behind it, for the tests of this folder. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import Stripe from 'stripe'
import { fixedClock } from '../fixed-clock.js'
import type { Teardown } from '../teardown.js'
import { createStripePeer, type StripePeer, type StripePeerOptions } from './index.js'

export const secret = 'whsec_test'

export async function setup(t: Teardown, options: StripePeerOptions = {}) {
  const clock = fixedClock(Date.UTC(2026, 0, 15, 12))
  const peer = await createStripePeer({ clock: clock.now, seed: 1, ...options })
  t.teardown(() => peer.close())
  return { peer, clock, stripe: client(peer) }
}

export function client(peer: StripePeer, key = peer.secretKey): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port: peer.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
}

/** A product with a monthly, a yearly and a dearer monthly price, in USD unless told. */
export async function catalogue(stripe: Stripe, currency = 'usd') {
  const basic = await stripe.products.create({ name: 'Basic' })
  const pro = await stripe.products.create({ name: 'Pro' })
  const price = (product: string, amount: number, interval: 'month' | 'year', key: string) =>
    stripe.prices.create({ product, currency, unit_amount: amount, recurring: { interval }, lookup_key: key })
  return {
    basic: await price(basic.id, 2900, 'month', 'sath_basic_monthly'),
    basicYear: await price(basic.id, 29000, 'year', 'sath_basic_yearly'),
    pro: await price(pro.id, 9900, 'month', 'sath_pro_monthly'),
  }
}

/** A customer with a card that pays. */
export async function payer(stripe: Stripe, params: Stripe.CustomerCreateParams = {}) {
  const customer = await stripe.customers.create({ email: 'ana@example.com', ...params })
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } })
  return customer
}

export interface Received {
  readonly body: string
  readonly signature: string
}

/** An endpoint that keeps what it gets. `status` is its next answers, in order; then 200. */
export async function endpoint(t: Teardown, status: number[] = []) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    received.push({ body: await text(request), signature: String(request.headers['stripe-signature']) })
    response.writeHead(status.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { received, webhook: { url: `http://127.0.0.1:${port}/webhook`, secret } }
}

export function types(peer: StripePeer): string[] {
  return peer.events().map(({ type }) => type)
}
