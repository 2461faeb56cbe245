/** Random lives of subscriptions: whatever happens, the books agree and the events tell the whole story. */
import type Stripe from 'stripe'
import t from 'tap'
import type { FixedClock } from '../fixed-clock.js'
import type { Dunning, StripePeer } from './index.js'
import { seededRandom } from './seeded-random.js'
import { catalogue, payer, setup } from './setup.fixture.js'

interface World {
  readonly peer: StripePeer
  readonly stripe: Stripe
  readonly clock: FixedClock
  readonly prices: readonly string[]
  readonly pick: <T>(rows: readonly T[]) => T | undefined
}

type Assertions = Pick<typeof t, 'same' | 'equal'>

type Step = (world: World) => Promise<unknown>

const subscriptions = async ({ stripe }: World) => (await stripe.subscriptions.list({ limit: 100 })).data

const onOne =
  (act: (world: World, subscription: Stripe.Subscription) => Promise<unknown>): Step =>
  async (world) => {
    const one = world.pick(await subscriptions(world))
    if (one) await act(world, one)
  }

const begin: Step = async ({ stripe, prices, pick }) => {
  const { id } = await payer(stripe)
  const trial = pick([0, 2, 14])
  const card = pick([undefined, 'pm_card_visa', 'pm_card_authenticationRequired'])
  await stripe.subscriptions.create({
    customer: id,
    items: [{ price: pick(prices)! }],
    ...(card && { default_payment_method: (await stripe.paymentMethods.attach(card, { customer: id })).id }),
    ...(trial && { trial_period_days: trial }),
  })
}

const steps: readonly Step[] = [
  begin,
  begin,
  begin,
  onOne(({ stripe, prices, pick }, { id, items }) =>
    stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]!.id, price: pick(prices)! }],
      proration_behavior: pick(['always_invoice', 'create_prorations', 'none'] as const)!,
    }),
  ),
  onOne(({ stripe, pick }, { id }) => stripe.subscriptions.update(id, { cancel_at_period_end: pick([true, false])! })),
  onOne(({ stripe }, { id }) => stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true })),
  onOne(({ stripe }, { id, status }) =>
    status === 'paused' ? stripe.subscriptions.resume(id) : stripe.subscriptions.pause(id),
  ),
  onOne(({ stripe, pick }, { id }) =>
    stripe.subscriptions.update(id, {
      pause_collection: pick(['', { behavior: 'keep_as_draft' }, { behavior: 'void' }] as const)!,
    }),
  ),
  onOne(({ stripe }, { customer }) => stripe.customers.del(String(customer))),
  async ({ stripe, pick }) => {
    const open = pick((await stripe.invoices.list({ status: 'open', limit: 100 })).data)
    if (open) await (pick([true, false]) ? stripe.invoices.pay(open.id!) : stripe.invoices.voidInvoice(open.id!))
  },
  async ({ stripe, pick }) => {
    const paid = (await stripe.charges.list({ limit: 100 })).data.filter((charge) => charge.paid && !charge.refunded)
    const one = pick(paid)
    if (one) await stripe.refunds.create({ charge: one.id, amount: pick([1, one.amount - one.amount_refunded])! })
  },
  async ({ peer, pick }) => peer.declineNextPayment(pick([1, 3])!),
  async ({ peer, stripe, pick }) => {
    const { data } = await stripe.paymentIntents.list({ limit: 100 })
    const asked = pick(data.filter(({ status }) => status === 'requires_action'))
    if (asked) peer.answerBank(asked.id, pick([true, true, false])!)
  },
  ...Array.from(
    { length: 6 },
    (): Step =>
      async ({ clock, pick }) => {
        clock.advance(pick([1_000, 3_600_000, 86_400_000 * 3, 86_400_000 * 17])!)
      },
  ),
]

async function check(t: Assertions, { peer, stripe, clock }: World): Promise<void> {
  const all = await stripe.subscriptions.list({ status: 'all', limit: 100 }).autoPagingToArray({ limit: 10_000 })
  const invoices = await stripe.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
  const charges = await stripe.charges.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
  const told = new Map(peer.events().map(({ data }) => [data.object.id, JSON.stringify(data.object)]))
  const untold = [...all, ...invoices].filter((row) => told.get(row.id) !== JSON.stringify(row))
  t.same(
    untold.map(({ id }) => id),
    [],
    'the last event about an object is its state',
  )
  const unbalanced = invoices.filter(
    (it) =>
      it.total !== it.lines.data.reduce((sum, line) => sum + line.amount, 0) ||
      it.amount_due !== it.amount_paid + it.amount_remaining ||
      (it.status === 'paid' && it.amount_remaining !== 0) ||
      [it.total, it.amount_due, it.ending_balance ?? 0].some((amount) => !Number.isInteger(amount)),
  )
  t.same(
    unbalanced.map(({ id }) => id),
    [],
    'every invoice adds up, in whole units',
  )
  const taken = charges.filter(({ paid }) => paid).reduce((sum, { amount }) => sum + amount, 0)
  const paid = invoices.reduce((sum, { amount_paid }) => sum + amount_paid, 0)
  t.equal(taken, paid, 'what was charged is what was invoiced and paid')
  const now = clock.now() / 1_000
  const late = all.filter(
    ({ status, items }) => ['active', 'trialing'].includes(status) && items.data[0]!.current_period_end <= now,
  )
  t.same(
    late.map(({ id }) => id),
    [],
    'whoever is active is within the period',
  )
  const times = peer.events().map(({ created }) => created)
  t.same(
    times,
    times.toSorted((a, b) => a - b),
    'events are told in the order of time',
  )
}

for (const [seed, afterLast] of [
  [1, 'cancel'],
  [2, 'mark_unpaid'],
  [3, 'leave_past_due'],
] satisfies [number, Dunning['afterLast']][]) {
  t.test(`a random life, seed ${seed}`, async (t) => {
    const { peer, stripe, clock } = await setup(t, { dunning: { retryAfterDays: [3, 5], afterLast } })
    const random = seededRandom(seed)
    const prices = Object.values(await catalogue(stripe)).map(({ id }) => id)
    const world: World = { peer, stripe, clock, prices, pick: (rows) => rows[Math.floor(random() * rows.length)] }
    let refused = 0
    for (let i = 0; i < 150; i++) {
      const step = world.pick(steps)!
      await step(world).catch((error: { statusCode?: number }) => {
        if (error.statusCode === undefined || error.statusCode >= 500) throw error
        refused++
      })
      if (i % 30 === 29) await check(t, world)
    }
    t.ok(refused < 60, `most steps are taken (${refused} of 150 refused)`)
  })
}
