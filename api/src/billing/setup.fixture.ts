/** The real app with the real SDK in front of a local Stripe, for the tests of this folder. */
import { type Db, effectivePlan } from '@sath/db'
import { type FixedClock, fixedClock } from '@sath/testkit'
import { createStripePeer, type StripePeer, type StripePeerOptions } from '@sath/testkit/stripe'
import type { LightMyRequestResponse } from 'fastify'
import { setup, type TestApp, type TestUser } from '../app.fixture.js'
import { type Billing, openBilling } from './billing.js'
import { writeCatalogue } from './catalogue.js'
import { type EventParts, handleEvents } from './handle-events.js'

export const webhookSecret = 'whsec_test'

export interface BillingApp extends TestApp {
  readonly peer: StripePeer
  readonly billing: Billing
  readonly clock: FixedClock
  readonly parts: EventParts
  /** Posts a body to the webhook as it is. */
  ring(body: string | Buffer, signature?: string): Promise<LightMyRequestResponse>
  /** Hands all events over that Stripe has not delivered, and deals with them. */
  deliver(): Promise<void>
  /** Deals with what is stored. */
  settle(): Promise<void>
  /** Subscribes a user by paying on the checkout page. Returns Stripe's subscription. */
  subscribed(user: TestUser, plan?: string, cycle?: string): Promise<string>
  planOf(user: TestUser): Promise<string>
}

export async function billingSetup(
  t: { teardown(run: () => unknown): void },
  options: StripePeerOptions = {},
): Promise<BillingApp> {
  const clock = fixedClock(Date.now())
  const peer = await createStripePeer({ clock: clock.now, ...options })
  t.teardown(() => peer.close())
  const billing = openBilling({ secretKey: peer.secretKey, webhookSecret, apiBase: peer.url, graceDays: 7 })
  const app = await setup(t, { billing })
  const { db } = app
  await writeCatalogue(db, billing.stripe)
  // Events are handed over by hand: what an endpoint gets is what `events` holds from here on.
  let delivered = peer.events().length
  const parts: EventParts = { db, billing, log: app.log, publicUrl: 'http://127.0.0.1:8080', owner: 'test' }
  const ring = (body: string | Buffer, signature?: string) =>
    app.app.inject({
      method: 'POST',
      url: '/api/v1/billing/webhook/stripe',
      headers: {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { 'stripe-signature': signature }),
      },
      payload: body,
    })
  const settle = async () => {
    while (await handleEvents(parts));
  }
  peer.setWebhook({ url: 'http://127.0.0.1:9/never', secret: webhookSecret })
  return {
    ...app,
    peer,
    billing,
    clock,
    parts,
    ring,
    settle,
    async deliver() {
      peer.catchUp()
      const fresh = peer.events().slice(delivered)
      delivered += fresh.length
      for (const event of fresh) {
        const { body, header } = peer.sign(event, { timestamp: Math.floor(Date.now() / 1_000) })
        const answer = await ring(body, header)
        if (answer.statusCode !== 200) throw new Error(`the webhook answered ${answer.statusCode} ${answer.body}`)
      }
      await settle()
    },
    async subscribed(user, plan = 'pro', cycle = 'monthly') {
      const { checkoutUrl } = (
        await app.call('POST', '/v1/billing/subscribe', { as: user, body: { plan, cycle } })
      ).json<{ checkoutUrl: string }>()
      const session = new URL(checkoutUrl).pathname.split('/').at(-1) ?? ''
      if (!peer.completeCheckout(session)) throw new Error('the card was refused')
      const { subscription } = await billing.stripe.checkout.sessions.retrieve(session)
      return String(subscription)
    },
    planOf: (user) => planNow(db, user.id),
  }
}

async function planNow(db: Db, id: string): Promise<string> {
  return (await effectivePlan(db, id)).id
}
