import { randomUUID } from 'node:crypto'
import { eq, like, sql } from 'drizzle-orm'
import t from 'tap'
import { openDatabase } from './client.js'
import { databaseTime } from './grant-repository.js'
import { effectivePlan } from './plan-repository.js'
import { stripeEvents } from './schema/index.js'
import {
  claimStripeEvents,
  finishStripeEvents,
  retryStripeEvents,
  storeStripeEvents,
  sweepStripeEvents,
} from './stripe-event-repository.js'
import {
  type FetchedSubscription,
  findCustomer,
  forgetCustomer,
  keepCustomer,
  saveSubscription,
  subscriptionsOf,
} from './stripe-repository.js'
import { newTenant, verdict } from './testing/new-tenant.js'
import { openTestDatabase } from './testing.js'

const { db, url } = await openTestDatabase(t)

function event(id: string, customerId: string | null) {
  return { id, type: 'invoice.paid', livemode: false, apiVersion: null, customerId, json: JSON.stringify({ id }) }
}
const claim = (owner = 'w') => claimStripeEvents(db, { owner, seconds: 60 })

t.test('a user has one customer, whoever asks first', async (t) => {
  const [tenantId, other] = [await newTenant(db), await newTenant(db)]
  const kept = await Promise.all(
    ['cus_a', 'cus_b'].map((customerId) => keepCustomer(db, { tenantId, customerId, livemode: false })),
  )
  t.equal(kept[0]?.customerId, kept[1]?.customerId)
  const customerId = kept[0]?.customerId ?? ''
  t.equal(
    await keepCustomer(db, { tenantId: other, customerId, livemode: false }),
    undefined,
    'and a customer one user',
  )
  t.match(await findCustomer(db, customerId), { tenantId })
  await forgetCustomer(db, customerId)
  t.match(await keepCustomer(db, { tenantId, customerId: 'cus_c', livemode: false }), { customerId: 'cus_c' })
})

t.test('of two fetches of a subscription the later one counts, whichever is written first', async (t) => {
  const tenantId = await newTenant(db)
  const row = (status: string): FetchedSubscription => ({
    id: `sub_${tenantId}`,
    tenantId,
    customerId: 'cus',
    planId: 'pro',
    cycle: 'monthly',
    status,
    periodEnd: null,
    cancelAt: null,
    cancelAtPeriodEnd: false,
    trialEnd: null,
    pastDueSince: null,
    amountMinor: 9900n,
    currency: 'USD',
    latestInvoiceId: null,
    invoiceUrl: null,
    livemode: false,
  })
  const first = await databaseTime(db)
  const second = first + 1
  const current = { planId: 'pro', startsAt: new Date(first), endsAt: null }
  const [grants, nothing] = [
    { current, kept: undefined },
    { current: undefined, kept: undefined },
  ]
  t.match(await saveSubscription(db, row('canceled'), second, nothing), { after: { id: 'free' } })
  t.equal(await saveSubscription(db, row('active'), first, grants), undefined, 'it was asked for earlier')
  t.match(await subscriptionsOf(db, tenantId), [{ status: 'canceled' }])
  t.equal((await effectivePlan(db, tenantId)).id, 'free')
  t.match(await saveSubscription(db, row('active'), second, grants), { after: { id: 'pro', source: 'stripe' } })
  t.match(await saveSubscription(db, row('canceled'), second + 1, nothing), {
    after: { id: 'free', source: 'default' },
  })
})

t.test('a body is kept as it came, whatever its texts hold', async (t) => {
  const bodies = [
    '{"id":"a","n":1.50,\n  "text":"line\\nwith \\"quotes\\" and é"}',
    '{"id":"b","zero":"\\u0000","half":"\\ud800","both":"\\ud83d\\ude00"}',
    '{"id":"c","backslash":"\\\\u0041","separator":"\\u001e"}',
  ]
  await storeStripeEvents(
    db,
    bodies.map((json, n) => ({ ...event(`evt_body${n}`, null), json, outcome: 'ignored' })),
  )
  const rows = await db.select().from(stripeEvents).where(like(stripeEvents.id, 'evt_body%')).orderBy(stripeEvents.id)
  t.same(
    rows.map(({ body }) => body),
    bodies,
  )
})

t.test('an event is kept once, and a customer’s events are one worker’s', async (t) => {
  const [ours, others] = [randomUUID(), randomUUID()]
  t.same(
    await Promise.all(Array.from({ length: 6 }, () => storeStripeEvents(db, [event('evt_1', ours)]))).then(
      (stored) => stored.filter(({ size }) => size > 0).length,
    ),
    1,
  )
  for (const [id, customerId] of [
    ['evt_2', others],
    ['evt_3', ours],
    ['evt_4', null],
    ['evt_5', null],
  ] as const)
    await storeStripeEvents(db, [event(id, customerId)])
  const connections = Array.from({ length: 6 }, () => openDatabase(url, { max: 1 }))
  t.teardown(() => Promise.all(connections.map((connection) => connection.close())))
  const claims = await Promise.all(
    connections.map((connection, n) => claimStripeEvents(connection.db, { owner: `w${n}`, seconds: 60 })),
  )
  t.same(claims.flatMap((each) => (each ? [each.events.map(({ id }) => id).join()] : [])).sort(), [
    'evt_1,evt_3',
    'evt_2',
    'evt_4',
    'evt_5',
  ])
  t.same(await storeStripeEvents(db, [event('evt_3', ours), event('evt_6', ours)]), new Set(['evt_6']))
  t.equal(await claim(), undefined, 'one of a customer whose events somebody works on waits')
  const held = claims.find((each) => each?.customerId === ours)
  t.ok(await finishStripeEvents(db, held!.token, ['evt_1', 'evt_3'], 'done'))
  t.notOk(await finishStripeEvents(db, held!.token, ['evt_1'], 'done'), 'the claim is over')
  const next = await claim()
  t.same(
    next?.events.map(({ id }) => id),
    ['evt_6'],
  )
  await retryStripeEvents(db, next!.token, { seconds: 60, error: 'Stripe did not answer' })
  t.equal(await claim(), undefined, 'a try that came to nothing waits')
  await db.update(stripeEvents).set({ nextAttemptAt: sql`now()` }).where(eq(stripeEvents.id, 'evt_6'))
  const again = await claim()
  t.match(again?.events, [{ id: 'evt_6', attempts: 2, error: 'Stripe did not answer' }])
  await db
    .update(stripeEvents)
    .set({ claimUntil: sql`now() - interval '1 second'` })
    .where(eq(stripeEvents.id, 'evt_6'))
  const taken = await claim('another')
  t.same(
    taken?.events.map(({ id }) => id),
    ['evt_6'],
    'a worker that is not heard of loses it',
  )
  t.notOk(await finishStripeEvents(db, again!.token, ['evt_6'], 'done'))
  t.ok(await finishStripeEvents(db, taken!.token, ['evt_6'], 'failed', 'no such plan'))
  t.equal(await verdict(db.update(stripeEvents).set({ outcome: null }).where(eq(stripeEvents.id, 'evt_6'))), '23514')
  await sweepStripeEvents(db, 0)
  t.equal(await db.$count(stripeEvents, sql`processed_at is not null`), 0)
})
