import { randomUUID } from 'node:crypto'
import { dayMs } from '@sath/core'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { openDatabase } from './client.js'
import { eraseTenant } from './erase-tenant.js'
import { unfinishedGrants } from './grant-repository.js'
import { eachPayment, readPayments } from './ledger.js'
import { changePayment, type NewPayment, recordPayment } from './payment-repository.js'
import { effectivePlan } from './plan-repository.js'
import { promoRepository, redeemPromo } from './promo-repository.js'
import {
  auditLog,
  billingCustomers,
  payments,
  planGrants,
  promoRedemptions,
  stripeEvents,
  stripeSubscriptions,
  users,
} from './schema/index.js'
import { saveStripePayments } from './stripe-payment-repository.js'
import { newTenant, nobody, verdict } from './testing/new-tenant.js'
import { openTestDatabase } from './testing.js'

const { db, url } = await openTestDatabase(t)

function wish(tenantId: string, over: Partial<NewPayment> = {}): NewPayment {
  const money = { method: 'transfer', amountMinor: 9900n, currency: 'USD' } as const
  return { tenantId, ...money, reference: randomUUID(), planId: 'pro', days: 30, proof: 'Ada, receipt 7', ...over }
}
const record = (payment: NewPayment) => recordPayment(db, payment, nobody)
const days = (time: Date | string | null) => Math.round((new Date(time ?? 0).getTime() - Date.now()) / dayMs)

t.test('a payment gives the days it pays for, once', async (t) => {
  const tenantId = await newTenant(db)
  const payment = wish(tenantId)
  const connections = Array.from({ length: 8 }, () => openDatabase(url, { max: 1 }))
  t.teardown(() => Promise.all(connections.map((connection) => connection.close())))
  const answers = await Promise.all(connections.map((connection) => recordPayment(connection.db, payment, nobody)))
  t.equal(answers.filter(({ isNew }) => isNew).length, 1)
  t.equal(new Set(answers.map(({ payment: { id } }) => id)).size, 1)
  t.match(answers[0]?.plan, { id: 'pro', source: 'payment' })
  t.equal(days(answers[0]?.plan.until ?? null), 30)
  t.equal(await db.$count(auditLog, eq(auditLog.target, answers[0]!.payment.id)), 1)
  t.equal(await verdict(record({ ...payment, amountMinor: 1n })), 'in-use')
  t.equal(await verdict(record({ ...payment, tenantId: await newTenant(db) })), 'in-use')
  t.equal(await verdict(record({ ...payment, method: 'cash' })), 'accepted', 'a reference of another way of paying')
  t.equal((await unfinishedGrants(db, tenantId)).length, 2)
  t.equal(days((await effectivePlan(db, tenantId)).until), 60)
  t.equal(await verdict(record(wish(randomUUID()))), 'not-found')
  t.equal(await verdict(record(wish(tenantId, { planId: 'none' }))), 'invalid-request')
  const alone = await record(wish(tenantId, { planId: undefined, days: undefined }))
  t.match([alone.payment.grantId, alone.plan.id], [null, 'pro'])
})

t.test('a refund or a dispute takes back the days still to come, and what waited moves up', async (t) => {
  const tenantId = await newTenant(db)
  const basic = await record(wish(tenantId, { planId: 'basic', days: 30 }))
  const pro = await record(wish(tenantId, { planId: 'pro', days: 10 }))
  const change = (id: string, to: Parameters<typeof changePayment>[2]) => changePayment(db, id, to, nobody)
  const now = async () => {
    const { id, until } = await effectivePlan(db, tenantId)
    return [id, until === null ? null : days(until)]
  }
  const ends = async () => (await unfinishedGrants(db, tenantId)).map(({ planId, endsAt }) => [planId, days(endsAt)])
  t.same(await ends(), [
    ['basic', 40],
    ['pro', 10],
  ])
  t.match(await change(pro.payment.id, { status: 'partially-refunded', refundedMinor: 100n }), { refundedMinor: 100n })
  t.same(await now(), ['pro', 10], 'a part takes no day')
  t.match(await change(pro.payment.id, { status: 'disputed' }), { status: 'disputed', refundedMinor: 100n })
  t.same([await now(), await ends()], [['basic', 30], [['basic', 30]]])
  await change(pro.payment.id, { status: 'disputed' })
  t.same(await ends(), [['basic', 30]], 'the same again changes nothing')
  await change(pro.payment.id, { status: 'refunded' })
  await change(pro.payment.id, { status: 'partially-refunded', refundedMinor: 100n })
  t.same([await now(), (await ends()).length], [['pro', 10], 2], 'a dispute that is won gives them back')
  await change(pro.payment.id, { status: 'refunded' })
  await change(basic.payment.id, { status: 'refunded' })
  t.same([await now(), await ends()], [['free', null], []])
  t.match(await change(basic.payment.id, { status: 'refunded' }), { refundedMinor: 9900n })
  t.equal(await change(randomUUID(), { status: 'refunded' }), undefined)
  for (const refundedMinor of [0n, 9900n, -1n])
    t.equal(await verdict(change(basic.payment.id, { status: 'partially-refunded', refundedMinor })), 'invalid-request')
})

t.test('what became of a payment at Stripe is Stripe’s to tell', async (t) => {
  const tenantId = await newTenant(db)
  const reference = randomUUID()
  const paid = { amountMinor: 9900n, refundedMinor: 0n, currency: 'USD', status: 'paid', planId: 'pro' } as const
  const ids = { stripeInvoiceId: reference, stripeChargeId: null, stripePaymentIntentId: null }
  await saveStripePayments(db, tenantId, [{ ...paid, ...ids, paidAt: new Date() }])
  const find = async () => (await db.select().from(payments).where(eq(payments.reference, reference)))[0]
  const { id = '' } = (await find()) ?? {}
  t.equal(await verdict(changePayment(db, id, { status: 'refunded' }, nobody)), 'not-available')
  t.match(await find(), { status: 'paid', refundedMinor: 0n })
})

t.test('the ledger is read in pages and in one go', async (t) => {
  const tenantId = await newTenant(db)
  const paidAt = (n: number) => new Date(Date.UTC(2025, 0, 1 + Math.floor(n / 2)))
  for (let n = 0; n < 7; n++) await record(wish(tenantId, { paidAt: paidAt(n), planId: undefined, days: undefined }))
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await readPayments(db, { tenantId }, { limit: 2, cursor })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  t.equal(new Set(ids).size, 7)
  const all: string[] = []
  for await (const { id, email } of eachPayment(db, { tenantId }, 2)) {
    all.push(id)
    t.match(email, /@example\.com$/)
  }
  t.same(all, [...ids].reverse(), 'oldest first')
  const some: Date[] = []
  for await (const row of eachPayment(db, { tenantId, from: paidAt(2), to: paidAt(4) }, 2)) some.push(row.paidAt)
  t.same(some, [paidAt(2), paidAt(3)])
})

t.test('the database keeps the rules of the ledger', async (t) => {
  const { payment } = await record(wish(await newTenant(db)))
  const change = (set: Partial<typeof payments.$inferInsert>) =>
    verdict(db.update(payments).set(set).where(eq(payments.id, payment.id)))
  for (const [what, set] of [
    ['a negative amount', { amountMinor: -1n }],
    ['more than a number holds', { amountMinor: 2n ** 53n }],
    ['a currency in lower case', { currency: 'usd' }],
    ['no currency', { currency: '' }],
    ['a refund without its status', { refundedMinor: 1n }],
    ['a status without its refund', { status: 'refunded' as const }],
    ['more back than was paid', { status: 'disputed' as const, refundedMinor: 9901n }],
    ['days of no plan', { planId: null }],
    ['another way of paying', { method: 'barter' as 'cash' }],
  ] as const)
    t.equal(await change(set), '23514', what)
})

t.test('an erased user leaves the ledger without a name, and nothing else', async (t) => {
  const tenantId = await newTenant(db)
  const { payment } = await record(wish(tenantId))
  const code = `E-${randomUUID().slice(0, 8).toUpperCase()}`
  const promo = { code, type: 'agent' as const, planId: 'basic', days: 3, maxUses: 1 }
  await promoRepository(db).create(promo, nobody)
  await redeemPromo(db, tenantId, code, nobody)
  const customerId = `cus_${tenantId}`
  await db.insert(billingCustomers).values({ tenantId, customerId, livemode: false })
  await db.insert(stripeSubscriptions).values({ id: 'sub', tenantId, customerId, status: 'active', livemode: false })
  const event = { id: 'evt', type: 'x', livemode: false, customerId, body: '{"email":"ada@example.com"}' }
  await db.insert(stripeEvents).values(event)
  await db.update(users).set({ deletingAt: new Date() }).where(eq(users.id, tenantId))
  t.ok(await eraseTenant(db, tenantId))
  const [left] = await db.select().from(payments).where(eq(payments.id, payment.id))
  t.match(left, { tenantId: null, proof: null, grantId: null, amountMinor: 9900n, reference: payment.reference })
  for (const table of [planGrants, promoRedemptions, billingCustomers, stripeSubscriptions] as const)
    t.equal(await db.$count(table, eq(table.tenantId, tenantId)), 0)
  t.equal(await db.$count(stripeEvents), 0)
  t.match(await changePayment(db, payment.id, { status: 'refunded' }, nobody), { status: 'refunded' })
})
