import type Stripe from 'stripe'
import type { CheckoutPlan } from './checkout-sessions.js'
import type { NewId } from './ids.js'
import type { LinkFields } from './payment-links.js'
import { type Shelf, shelf } from './shelf.js'

/** An event as it is written: the object is a copy of that moment. */
export interface PeerEvent {
  readonly id: string
  readonly object: 'event'
  readonly api_version: string
  /** Epoch seconds, on the clock of the object. */
  readonly created: number
  readonly data: { readonly object: Record<string, unknown>; readonly previous_attributes?: Record<string, unknown> }
  readonly livemode: boolean
  pending_webhooks: number
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  readonly type: string
}

/** What happens when a renewal cannot be charged. */
export interface Dunning {
  /** Days from one failed attempt to the next; after the last one the invoice is given up. */
  readonly retryAfterDays: readonly number[]
  readonly afterLast: 'cancel' | 'mark_unpaid' | 'leave_past_due'
}

/** One Stripe account: all its objects, its clock, its events. The objects have the shape of the wire, ids not expanded. */
export interface Account {
  readonly apiVersion: string
  readonly livemode: boolean
  readonly dunning: Dunning
  readonly newId: NewId
  /** Where its pages are, such as `http://127.0.0.1:12111`. */
  base: string
  readonly customers: Shelf<Stripe.Customer>
  readonly deletedCustomers: Set<string>
  readonly products: Shelf<Stripe.Product>
  readonly prices: Shelf<Stripe.Price>
  readonly paymentMethods: Shelf<Stripe.PaymentMethod>
  readonly paymentIntents: Shelf<Stripe.PaymentIntent>
  readonly charges: Shelf<Stripe.Charge>
  readonly refunds: Shelf<Stripe.Refund>
  readonly disputes: Shelf<Stripe.Dispute>
  readonly invoices: Shelf<Stripe.Invoice>
  readonly invoicePayments: Shelf<Stripe.InvoicePayment>
  readonly subscriptions: Shelf<Stripe.Subscription>
  readonly sessions: Shelf<Stripe.Checkout.Session>
  /** What a checkout will do, beyond what the session tells. */
  readonly checkoutPlans: Map<string, CheckoutPlan>
  /** What a payment link gives the checkouts opened from it, beyond what the link tells. */
  readonly linkFields: Map<string, LinkFields>
  /** By the id of a checkout session or a payment link. */
  readonly sessionLines: Map<string, Stripe.LineItem[]>
  readonly portals: Shelf<Stripe.BillingPortal.Session>
  readonly paymentLinks: Shelf<Stripe.PaymentLink>
  readonly testClocks: Shelf<Stripe.TestHelpers.TestClock>
  readonly events: Shelf<PeerEvent>
  /** Prorations that wait for the next invoice of the subscription they are named by. */
  readonly pendingLines: Map<string, Stripe.InvoiceLineItem[]>
  /** Subscriptions whose trial's end was announced. */
  readonly trialsWarned: Set<string>
  /** Cards that refuse every charge. */
  readonly failingCards: Set<string>
  /** Cards whose bank asks the payer about each charge. */
  readonly askingCards: Set<string>
  /** Subscriptions that a checkout made and that wait for the payer's bank, by the id of the session. */
  readonly waitingCheckouts: Map<string, string>
  /** So many charges from now on are declined, whatever the card. */
  declinesLeft: number
  /** The request that is being answered; events name it. */
  request: { readonly id: string; readonly idempotencyKey: string | null } | null
  /** Epoch seconds on a test clock, or on the account's own for null; undefined is the clock that time is passing on. */
  now(testClock?: string | null): number
  /** Runs `action` as if it were that moment on that clock. */
  at(testClock: string | null, time: number, action: () => void): void
  onEvent: (event: PeerEvent) => void
}

export interface AccountOptions {
  readonly apiVersion: string
  readonly livemode: boolean
  readonly dunning: Dunning
  readonly newId: NewId
  /** Epoch ms UTC. */
  readonly clock: () => number
}

export function createAccount({ apiVersion, livemode, dunning, newId, clock }: AccountOptions): Account {
  let moment: { readonly testClock: string | null; readonly time: number } | null = null
  const account: Account = {
    apiVersion,
    livemode,
    dunning,
    newId,
    base: '',
    customers: shelf('customer'),
    deletedCustomers: new Set(),
    products: shelf('product'),
    prices: shelf('price'),
    paymentMethods: shelf('PaymentMethod'),
    paymentIntents: shelf('payment_intent'),
    charges: shelf('charge'),
    refunds: shelf('refund'),
    disputes: shelf('dispute'),
    invoices: shelf('invoice'),
    invoicePayments: shelf('invoice_payment'),
    subscriptions: shelf('subscription'),
    sessions: shelf('checkout.session'),
    checkoutPlans: new Map(),
    linkFields: new Map(),
    sessionLines: new Map(),
    portals: shelf('billing_portal.session'),
    paymentLinks: shelf('payment_link'),
    testClocks: shelf('test_helpers.test_clock'),
    events: shelf('event'),
    pendingLines: new Map(),
    trialsWarned: new Set(),
    failingCards: new Set(),
    askingCards: new Set(),
    waitingCheckouts: new Map(),
    declinesLeft: 0,
    request: null,
    now(testClock) {
      if (moment && (testClock === undefined || testClock === moment.testClock)) return moment.time
      return testClock === null || testClock === undefined
        ? Math.floor(clock() / 1_000)
        : account.testClocks.get(testClock).frozen_time
    },
    at(testClock, time, action) {
      const before = moment
      moment = { testClock, time }
      try {
        action()
      } finally {
        moment = before
      }
    },
    onEvent: () => undefined,
  }
  return account
}
