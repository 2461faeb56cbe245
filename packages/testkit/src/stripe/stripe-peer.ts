import { randomInt } from 'node:crypto'
import type Stripe from 'stripe'
import { createAccount, type Dunning, type PeerEvent } from './account.js'
import { createApi } from './api-server.js'
import { answerBank } from './bank-question.js'
import { completeSession } from './checkout-completion.js'
import { deleteCustomer } from './customers.js'
import { closeDispute, openDispute } from './disputes.js'
import { startServer } from './http-server.js'
import { idSource } from './ids.js'
import type { Outage } from './outage.js'
import type { TestCard } from './payment-methods.js'
import { remember } from './remember.js'
import type { LoggedRequest } from './request-log.js'
import { signatureHeader } from './signature.js'
import { runDue } from './timeline.js'
import {
  createWebhooks,
  type Delivery,
  type DeliveryFaults,
  type FlushResult,
  type WebhookEndpoint,
} from './webhooks.js'

export interface StripePeerOptions {
  /** Default 0: a free one. */
  readonly port?: number
  /** Default the version that stripe 23.1.0 is made for. */
  readonly apiVersion?: string
  /** The only key it takes. Default `sk_test_sath`. */
  readonly secretKey?: string
  readonly livemode?: boolean
  readonly webhook?: WebhookEndpoint
  /** Epoch ms UTC; default the machine's. Whatever is due by it is done before the next request, page or flush. */
  readonly clock?: () => number
  /** Default: tries again 3, 5 and 7 days after the failure before, then cancels. */
  readonly dunning?: Dunning
  /** Of the ids. Default random, so that two peers never share an id. */
  readonly seed?: number
}

/** A local Stripe, with the strings a test pulls. */
export interface StripePeer {
  /** For `STRIPE_API_BASE`. */
  readonly url: string
  readonly port: number
  readonly secretKey: string
  /** Oldest first. */
  readonly requests: readonly LoggedRequest[]
  /** Tries to hand over webhooks, oldest first. */
  readonly deliveries: readonly Delivery[]
  /** All events, oldest first, whether or not they were delivered. */
  events(): readonly PeerEvent[]
  setWebhook(endpoint: WebhookEndpoint | undefined): void
  /** Faults for the flushes from now on; `{}` ends them. */
  deliver(faults: DeliveryFaults): void
  /** Sends what waits, one after the other; what is not answered with 2xx waits for the next flush. */
  flush(): Promise<FlushResult>
  /** Queues an event once more, as `stripe events resend` does. */
  resend(eventId: string): void
  /** A body with its header, to be posted by the test itself; the secret and the moment (epoch seconds) may be wrong ones. */
  sign(event: unknown, wrong?: { readonly secret?: string; readonly timestamp?: number }): SignedBody
  /** `true` is `refused`; `false` ends the outage. */
  setDown(outage: boolean | Outage): Promise<void>
  /** The next charges are refused, whatever the card. Default one. */
  declineNextPayment(times?: number): void
  /** Presses Pay on the page of a session. Whether the payment went through. */
  completeCheckout(sessionId: string, card?: TestCard): boolean
  /** The bank takes a charge back. The id of the dispute. */
  dispute(chargeId: string): string
  /** The bank decides a dispute. */
  closeDispute(disputeId: string, end: 'won' | 'lost'): void
  /** The payer confirms a payment that is `requires_action` to their bank, or does not. Whether it went through. */
  answerBank(paymentIntentId: string, confirms?: boolean): boolean
  /** As an admin would in Stripe's dashboard. */
  deleteCustomer(id: string): void
  /** Does what is due by the clock. Requests, pages and flushes do so themselves. */
  catchUp(): void
  /** Puts this account so many ms further ahead of its clock, and does what falls due. Signatures keep to the clock. */
  advance(ms: number): void
  /**
   * Keeps everything as it is now: customers, money, events. Calling the result goes back to it, as often as one likes. The clock,
   * idempotency keys and webhooks that wait stay as they are.
   */
  remember(): () => void
  close(): Promise<void>
}

export interface SignedBody {
  readonly body: string
  readonly header: string
}

const defaultDunning: Dunning = { retryAfterDays: [3, 5, 7], afterLast: 'cancel' }

export async function createStripePeer(options: StripePeerOptions = {}): Promise<StripePeer> {
  const clock = options.clock ?? Date.now
  let aheadMs = 0
  const ownTime = () => clock() + aheadMs
  const secretKey = options.secretKey ?? 'sk_test_sath'
  const account = createAccount({
    apiVersion: options.apiVersion ?? ('2026-10-28.endive' satisfies Stripe.LatestApiVersion),
    livemode: options.livemode ?? false,
    dunning: options.dunning ?? defaultDunning,
    newId: idSource(options.seed ?? randomInt(2 ** 32)),
    clock: ownTime,
  })
  const signingSeconds = () => Math.floor(clock() / 1_000)
  const catchUp = () => runDue(account, null, Math.floor(ownTime() / 1_000))
  const webhooks = createWebhooks(options.webhook, signingSeconds)
  account.onEvent = webhooks.enqueue
  const api = createApi(account, secretKey, ownTime)
  const server = await startServer(account, api, options.port ?? 0, catchUp)
  account.base = `http://127.0.0.1:${server.port}`

  return {
    url: account.base,
    port: server.port,
    secretKey,
    requests: api.requests,
    deliveries: webhooks.deliveries,
    events: () => account.events.all(),
    setWebhook: (endpoint) => {
      webhooks.endpoint = endpoint
    },
    deliver: webhooks.faults,
    flush: () => {
      catchUp()
      return webhooks.flush()
    },
    resend: (eventId) => webhooks.enqueue(account.events.get(eventId)),
    sign: (event, wrong = {}) => {
      const secret = wrong.secret ?? webhooks.endpoint?.secret
      if (secret === undefined) throw new Error('No webhook is set, so there is no secret to sign with')
      const body = JSON.stringify(event, undefined, 2)
      return {
        body,
        header: signatureHeader({ payload: body, secret, timestamp: wrong.timestamp ?? signingSeconds() }),
      }
    },
    setDown: (outage) => server.setOutage(outage === true ? 'refused' : outage === false ? undefined : outage),
    declineNextPayment: (times = 1) => {
      account.declinesLeft += times
    },
    completeCheckout: (sessionId, card = 'pm_card_visa') => {
      catchUp()
      return completeSession(account, account.sessions.get(sessionId, 'session'), card)
    },
    dispute: (chargeId) => openDispute(account, chargeId).id,
    closeDispute: (id, end) => closeDispute(account, id, end),
    answerBank: (id, confirms = true) => {
      catchUp()
      return answerBank(account, account.paymentIntents.get(id), confirms)
    },
    deleteCustomer: (id) => void deleteCustomer(account, id),
    catchUp,
    advance: (ms) => {
      aheadMs += ms
      catchUp()
    },
    remember: () => remember(account),
    close: async () => {
      webhooks.close()
      await server.close()
    },
  }
}
