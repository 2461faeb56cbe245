/** What people do at Stripe, and all that is kept of it here: for the tests of streams of events. */
import { outbox, payments, stripeSubscriptions } from '@sath/db'
import type { PeerEvent } from '@sath/testkit/stripe'
import { eq } from 'drizzle-orm'
import type { Test } from 'tap'
import type { TestUser } from '../app.fixture.js'
import { priceOf } from './catalogue.js'
import type { BillingApp } from './setup.fixture.js'

export interface Life {
  readonly user: TestUser
  /** Stripe's subscription. */
  id: string
}
export type Step = (life: Life) => Promise<unknown>

export interface Story {
  /** The plan that somebody must end up with however the events come. */
  readonly plan: string
  /** What happened before, and was heard of. */
  readonly given?: readonly Step[]
  readonly steps: readonly Step[]
  /** The mail that must have been sent at its end, beside a receipt for each payment. */
  readonly owed?: string
  /** A mail about what was over before the end: sent once if somebody looked in time. */
  readonly passing?: string
}

export const failedMail = 'Your payment did not go through'
export const toFreeMail = 'Your plan will change to Free'

/** Of one app. An amount is in cents; without one, what is left. */
export interface Steps {
  subscribe(plan: string): Step
  /** `default_incomplete`: the invoice waits for somebody to pay it. */
  change(plan: string, behavior?: 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete'): Step
  cancel(atPeriodEnd: boolean): Step
  readonly failToPay: Step
  /** The card is refused for the invoice that waits. */
  readonly declined: Step
  readonly pay: Step
  refund(amount?: number): Step
  readonly end: Step
  readonly dispute: Step
  readonly winDispute: Step
  readonly deleteCustomer: Step
}

export function stepsAt(app: BillingApp): Steps {
  const { stripe } = app.billing
  const customerOf = async ({ id }: Life) => String((await stripe.subscriptions.retrieve(id)).customer)
  const lastCharge = async (life: Life) => {
    const [charge] = (await stripe.charges.list({ customer: await customerOf(life), limit: 1 })).data
    if (!charge) throw new Error('nothing was charged')
    return charge.id
  }
  const change: Steps['change'] =
    (plan, behavior = 'error_if_incomplete') =>
    async ({ id }) => {
      const [item] = (await stripe.subscriptions.retrieve(id)).items.data
      if (!item) throw new Error('nothing is sold')
      const price = await priceOf(stripe, plan, 'monthly')
      await stripe.subscriptions.update(id, {
        items: [{ id: item.id, price: price.id }],
        proration_behavior: 'always_invoice',
        payment_behavior: behavior,
      })
    }
  const failToPay: Step = async (life) => {
    app.peer.declineNextPayment()
    await change('pro', 'allow_incomplete')(life)
  }
  const pay: Step = async ({ id }) => {
    const { latest_invoice } = await stripe.subscriptions.retrieve(id)
    await stripe.invoices.pay(String(latest_invoice))
  }
  return {
    subscribe: (plan) => async (life) => {
      life.id = await app.subscribed(life.user, plan)
    },
    change,
    cancel:
      (cancel_at_period_end) =>
      ({ id }) =>
        stripe.subscriptions.update(id, { cancel_at_period_end }),
    failToPay,
    pay,
    declined: async (life) => {
      app.peer.declineNextPayment()
      const refusal = await pay(life).catch((error: { statusCode?: number }) => error.statusCode)
      if (refusal !== 402) throw new Error('the card was not refused')
    },
    refund: (amount) => async (life) =>
      stripe.refunds.create({ charge: await lastCharge(life), ...(amount === undefined ? {} : { amount }) }),
    dispute: async (life) => app.peer.dispute(await lastCharge(life)),
    winDispute: async (life) => {
      const { data } = await stripe.disputes.list({ charge: await lastCharge(life) })
      for (const { id } of data) app.peer.closeDispute(id, 'won')
    },
    end: ({ id }) => stripe.subscriptions.cancel(id),
    deleteCustomer: async (life) => stripe.customers.del(await customerOf(life)),
  }
}

/** Posts an event to the webhook, signed. */
export async function ring(app: BillingApp, event: PeerEvent): Promise<void> {
  const { body, header } = app.peer.sign(event, { timestamp: Math.floor(Date.now() / 1_000) })
  const { statusCode } = await app.ring(body, header)
  if (statusCode !== 200) throw new Error(`the webhook answered ${statusCode}`)
}

/** Takes steps. Returns the events that came of each. */
export async function take({ peer }: BillingApp, life: Life, steps: readonly Step[]): Promise<PeerEvent[][]> {
  const events: PeerEvent[][] = []
  for (const step of steps) {
    const before = peer.events().length
    await step(life)
    events.push(peer.events().slice(before))
  }
  return events
}

/** All that is kept of a life, without what differs from one to the next and the mail that is left to chance. */
export async function outcomeOf({ db, planOf }: BillingApp, { user }: Life, { passing }: Story) {
  const rows = await db.select().from(stripeSubscriptions).where(eq(stripeSubscriptions.tenantId, user.id))
  const ledger = await db.select().from(payments).where(eq(payments.tenantId, user.id))
  const sent = await db.select().from(outbox).where(eq(outbox.toAddress, user.email))
  const mails = sent.map(({ subject }) => subject.replace(/^Invoice .*/, 'Invoice'))
  const chance = mails.indexOf(passing ?? '')
  return {
    plan: await planOf(user),
    subscriptions: rows
      .map(({ planId, cycle, status, cancelAtPeriodEnd, cancelAt }) =>
        [planId, cycle, status, cancelAtPeriodEnd, cancelAt !== null].join(),
      )
      .sort(),
    ledger: ledger
      .map(({ amountMinor, refundedMinor, currency, status, planId }) =>
        // Prorations depend on the second.
        [amountMinor > 0n, refundedMinor === amountMinor, refundedMinor > 0n, currency, status, planId].join(),
      )
      .sort(),
    mails: mails.filter((_, n) => n !== chance).sort(),
  }
}
export type Outcome = Awaited<ReturnType<typeof outcomeOf>>

/** A story told in order ends as it says, with each fact mailed once. */
export function endsAsTold(t: Test, name: string, { plan, owed }: Story, end: Outcome): void {
  t.equal(end.plan, plan, name)
  t.same(end.mails, [...end.ledger.map(() => 'Invoice'), ...(owed ? [owed] : [])].sort(), `mails: ${name}`)
}
