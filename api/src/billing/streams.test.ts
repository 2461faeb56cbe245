import { createHash } from 'node:crypto'
import { outbox, payments, stripeSubscriptions } from '@sath/db'
import type { PeerEvent } from '@sath/testkit/stripe'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import t, { type TAP as Tap } from 'tap'
import type { TestUser } from '../app.fixture.js'
import { priceOf } from './catalogue.js'
import { type BillingApp, billingSetup } from './setup.fixture.js'
import { sweepStripe } from './sweep.js'

t.setTimeout(180_000)
const app = await billingSetup(t)
const { stripe } = app.billing

interface Life {
  readonly user: TestUser
  id: string
}
type Step = (life: Life) => Promise<unknown>

const subscribe =
  (plan: string): Step =>
  async (life) => {
    life.id = await app.subscribed(life.user, plan)
  }
const change =
  (plan: string, behavior: 'allow_incomplete' | 'error_if_incomplete' = 'error_if_incomplete'): Step =>
  async ({ id }) => {
    const { items } = await stripe.subscriptions.retrieve(id)
    const price = await priceOf(stripe, plan, 'monthly')
    await stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]!.id, price: price.id }],
      proration_behavior: 'always_invoice',
      payment_behavior: behavior,
    })
  }
const cancel =
  (cancel_at_period_end: boolean): Step =>
  ({ id }) =>
    stripe.subscriptions.update(id, { cancel_at_period_end })
const failToPay: Step = async (life) => {
  app.peer.declineNextPayment()
  await change('pro', 'allow_incomplete')(life)
}
const pay: Step = async ({ id }) => {
  const { latest_invoice } = await stripe.subscriptions.retrieve(id)
  await stripe.invoices.pay(String(latest_invoice))
}
const refund =
  (amount?: number): Step =>
  async ({ id }) => {
    const { customer } = await stripe.subscriptions.retrieve(id)
    const { data } = await stripe.charges.list({ customer: String(customer), limit: 1 })
    await stripe.refunds.create({ charge: data[0]!.id, ...(amount === undefined ? {} : { amount }) })
  }
const end: Step = ({ id }) => stripe.subscriptions.cancel(id)
const deleteCustomer: Step = async ({ id }) =>
  stripe.customers.del(String((await stripe.subscriptions.retrieve(id)).customer))

/** What somebody does at Stripe, and the plan they must end up with however its events come. */
const stories: Readonly<Record<string, readonly [plan: string, ...steps: Step[]]>> = {
  subscribe: ['basic', subscribe('basic')],
  upgrade: ['pro', subscribe('basic'), change('pro')],
  downgrade: ['basic', subscribe('pro'), change('basic')],
  'up and down and up': ['enterprise', subscribe('basic'), change('pro'), change('basic'), change('enterprise')],
  'fail to pay': ['pro', subscribe('basic'), failToPay],
  'fail to pay, then pay': ['pro', subscribe('basic'), failToPay, pay],
  'cancel, then resume': ['pro', subscribe('pro'), cancel(true), cancel(false)],
  'cancel at the end': ['pro', subscribe('pro'), cancel(true)],
  end: ['free', subscribe('pro'), end],
  'end, then begin again': ['basic', subscribe('pro'), end, subscribe('basic')],
  'delete the customer': ['free', subscribe('pro'), deleteCustomer],
  'delete the customer, then begin again': ['pro', subscribe('basic'), deleteCustomer, subscribe('pro')],
  refund: ['pro', subscribe('pro'), refund()],
  'refund a part, then all': ['pro', subscribe('pro'), refund(1_000), refund()],
}
type Story = keyof typeof stories

const failed = 'Your payment did not go through'
const toFree = 'Your plan will change to Free'
/** Mails that a story must have sent at its end, beside a receipt for each payment. */
const owed: Readonly<Record<Story, readonly string[]>> = { 'fail to pay': [failed], 'cancel at the end': [toFree] }
/** Mails about what was over before the end: sent once if somebody looked in time. */
const passing: Readonly<Record<Story, string>> = { 'fail to pay, then pay': failed, 'cancel, then resume': toFree }

/** Numbers without end that follow from a seed. */
function draws(seed: number): (below: number) => number {
  let n = 0
  return (below) => createHash('sha256').update(`${seed} ${n++}`).digest().readUInt32BE() % below
}

async function ring(event: PeerEvent): Promise<void> {
  const { body, header } = app.peer.sign(event, { timestamp: Math.floor(Date.now() / 1_000) })
  const { statusCode } = await app.ring(body, header)
  if (statusCode !== 200) throw new Error(`the webhook answered ${statusCode}`)
}

let deliveries = 0
/**
 * Plays a story. After each step some of the events so far are handed over, in any order and some of them again, and some of
 * what was handed over is dealt with; at the end all of them, but for those that are lost.
 *
 * @returns whether any was lost
 */
async function play(life: Life, story: Story, seed: number, lose: boolean): Promise<boolean> {
  const draw = draws(seed)
  const waiting: PeerEvent[] = []
  /** Of ten. */
  const losses = lose ? 2 + draw(9) : 0
  let lost = false
  const handOver = async () => {
    const [event] = waiting.splice(draw(waiting.length), 1)
    if (!event) return
    if (draw(10) < losses) {
      lost = true
      return
    }
    for (let times = draw(4) === 0 ? 2 : 1; times > 0; times--) {
      deliveries++
      await ring(event)
    }
    if (draw(3) === 0) await app.settle()
  }
  const [, ...steps] = stories[story]!
  for (const step of steps) {
    const before = app.peer.events().length
    await step(life)
    waiting.push(...app.peer.events().slice(before))
    for (let times = draw(5); times > 0 && waiting.length > 0; times--) await handOver()
  }
  while (waiting.length > 0) await handOver()
  await app.settle()
  return lost
}

/** Subjects of all mails, receipts without their numbers. */
async function mailsOf({ db }: BillingApp, { user }: Life): Promise<string[]> {
  const rows = await db.select().from(outbox).where(eq(outbox.toAddress, user.email))
  return rows.map(({ subject }) => subject.replace(/^Invoice .*/, 'Invoice')).sort()
}

/** What a life was mailed: each fact once. */
async function mailsAreRight(t: Pick<Tap, 'same'>, story: Story, life: Life, ledger: readonly unknown[], name: string) {
  const mails = await mailsOf(app, life)
  const chance = mails.indexOf(passing[story] ?? '')
  if (chance >= 0) mails.splice(chance, 1)
  t.same(mails, [...ledger.map(() => 'Invoice'), ...(owed[story] ?? [])].sort(), `mails: ${name}`)
}

/** All that is kept of a life, without what differs from one to the next. */
async function outcome({ db, planOf }: BillingApp, { user }: Life) {
  const rows = await db.select().from(stripeSubscriptions).where(eq(stripeSubscriptions.tenantId, user.id))
  const ledger = await db.select().from(payments).where(eq(payments.tenantId, user.id))
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
  }
}

t.test('however the events of a story come, its end is the same', async (t) => {
  t.setTimeout(180_000)
  let streams = 0
  const inOrder = new Map<Story, Awaited<ReturnType<typeof outcome>>>()
  for (const [story, [plan, ...steps]] of Object.entries(stories)) {
    const life = { user: await app.user(), id: '' }
    const before = app.peer.events().length
    for (const step of steps) await step(life)
    for (const event of app.peer.events().slice(before)) await ring(event)
    await app.settle()
    const end = await outcome(app, life)
    t.equal(end.plan, plan, story)
    await mailsAreRight(t, story, life, end.ledger, story)
    inOrder.set(story, end)
  }
  const isAsInOrder = async (story: Story, life: Life, name: string) => {
    const end = await outcome(app, life)
    t.same(end, inOrder.get(story), name)
    await mailsAreRight(t, story, life, end.ledger, name)
  }
  const waitingForSweep: { story: Story; life: Life; seed: number }[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(stories)),
      fc.nat(),
      fc.boolean(),
      async (story: Story, seed, lose) => {
        streams++
        const life = { user: await app.user(), id: '' }
        const lost = await play(life, story, seed, lose)
        if (lost) waitingForSweep.push({ story, life, seed })
        else await isAsInOrder(story, life, `${story}, seed ${seed}`)
      },
    ),
    { numRuns: 60, endOnFailure: true },
  )
  const swept = await sweepStripe(app.parts)
  t.equal(swept.failed, 0)
  t.ok(swept.repaired > 0, 'some plans were wrong until then')
  for (const { story, life, seed } of waitingForSweep)
    await isAsInOrder(story, life, `${story} after the sweep, seed ${seed}`)
  const mails = await app.db.$count(outbox)
  t.match(await sweepStripe(app.parts), { repaired: 0 }, 'and a second one finds nothing')
  t.equal(await app.db.$count(outbox), mails, 'and mails nothing')
  t.comment(
    `${streams} streams, ${deliveries} deliveries; ${waitingForSweep.length} streams lost events, and the sweep repaired ${swept.repaired} of them`,
  )
})
