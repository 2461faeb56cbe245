import { randomUUID } from 'node:crypto'
import {
  billingCustomers,
  type Db,
  mailedFacts,
  openDatabase,
  outboxRepository,
  planGrants,
  stripeSubscriptions,
  userRepository,
  users,
} from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { until } from '@sath/testkit'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import t from 'tap'
import { verifyMail } from './letters/verify-mail.js'
import { endingPlan, endingPlans, endingTrials } from './plan-reminders.js'
import { mailOnce, type Reminder, remindDue, reminderOf, startReminders } from './reminders.js'

const dayMs = 86_400_000
const publicUrl = 'https://sath.example'
const { db, url } = await openTestDatabase(t)
const lines: string[] = []
const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) })
const round = () => remindDue({ db, log, publicUrl, sources: [endingPlans, endingTrials] })
const ahead = (days: number) => new Date(Date.now() + days * dayMs)

async function user(over: Partial<typeof users.$inferInsert> = {}) {
  const email = `${randomUUID()}@example.com`
  const made = await userRepository(db).create({ email, passwordHash: 'x', verified: true })
  if (!made) throw new Error('the address is taken')
  await db
    .update(users)
    .set({ locale: 'en', ...over })
    .where(eq(users.id, made.id))
  return {
    id: made.id,
    email,
    subjects: async () => (await outboxRepository(db).list(email)).map(({ subject }) => subject).reverse(),
  }
}

async function grant(tenantId: string, over: Partial<typeof planGrants.$inferInsert>) {
  const reference = randomUUID()
  const row = {
    tenantId,
    planId: 'pro',
    source: 'promo' as const,
    reference,
    startsAt: ahead(-60),
    createdAt: ahead(-60),
    ...over,
  }
  await db.insert(planGrants).values(row)
  return reference
}

/** A subscription to Pro for 99 a month. */
async function subscription(tenantId: string, over: Partial<typeof stripeSubscriptions.$inferInsert>) {
  const id = `sub_${randomUUID()}`
  const customerId = `cus_${tenantId}`
  await db.insert(billingCustomers).values({ tenantId, customerId, livemode: false })
  const price = { planId: 'pro', cycle: 'monthly', amountMinor: 9900n, currency: 'USD' } as const
  await db
    .insert(stripeSubscriptions)
    .values({ id, tenantId, customerId, status: 'active', livemode: false, ...price, ...over })
  return id
}

t.test('a plan that ends warns 7 days and 1 day before, once each, and again when it was prolonged', async (t) => {
  const ada = await user({ locale: 'es-AR' })
  const reference = await grant(ada.id, { endsAt: ahead(7.5) })
  const endsIn = (days: number) =>
    db
      .update(planGrants)
      .set({ endsAt: ahead(days) })
      .where(eq(planGrants.reference, reference))
  await round()
  t.same(await ada.subjects(), [], 'not yet')
  await endsIn(6.9)
  await round()
  await round()
  t.same(await ada.subjects(), ['Tu plan Pro termina en 7 días'])
  t.match((await outboxRepository(db).list(ada.email))[0]?.text, /Después le sigue Free/)
  await endsIn(0.9)
  await round()
  await round()
  t.same((await ada.subjects()).slice(1), ['Tu plan Pro termina en menos de un día'])
  await endsIn(6.5)
  await round()
  t.same((await ada.subjects()).slice(2), ['Tu plan Pro termina en 7 días'], 'it is another end')
})

t.test('a warning names the plan that follows', async (t) => {
  const ada = await user()
  await grant(ada.id, { endsAt: ahead(5) })
  await grant(ada.id, { planId: 'basic', endsAt: ahead(50) })
  await round()
  t.match((await outboxRepository(db).list(ada.email))[0]?.text, /Then Basic follows/)
})

t.test('after a payment that failed the end of grace is told of, not twice on the same day', async (t) => {
  const ada = await user()
  const since = ahead(-0.1)
  const id = await subscription(ada.id, {
    status: 'past_due',
    pastDueSince: since,
    invoiceUrl: 'https://pay.example/i/1',
  })
  await grant(ada.id, { source: 'stripe', reference: id, endsAt: ahead(6.9) })
  await round()
  t.same(await ada.subjects(), [], 'the mail about the failed payment has just said so')
  await db
    .update(planGrants)
    .set({ endsAt: ahead(0.8) })
    .where(eq(planGrants.reference, id))
  await db
    .update(stripeSubscriptions)
    .set({ pastDueSince: ahead(-6.2) })
    .where(eq(stripeSubscriptions.id, id))
  await round()
  await round()
  const [mail] = await outboxRepository(db).list(ada.email)
  t.same(await ada.subjects(), ['Pay to keep your Pro plan'])
  t.match(mail, { text: /\(\$99\.00\) is still missing/, links: ['https://pay.example/i/1'] })
})

t.test('a subscription that was cancelled ends as any other plan', async (t) => {
  const ada = await user()
  const id = await subscription(ada.id, { cancelAt: ahead(5) })
  await grant(ada.id, { source: 'stripe', reference: id, endsAt: ahead(5) })
  await round()
  t.same(await ada.subjects(), ['Your Pro plan ends in 5 days'], 'the days that are left, not those of the rule')
})

t.test('a trial that goes over into a paid plan is told of three days before', async (t) => {
  const [ada, bob, eve] = [await user(), await user(), await user()]
  const id = await subscription(ada.id, { status: 'trialing', trialEnd: ahead(3.5) })
  await subscription(bob.id, { status: 'trialing', trialEnd: ahead(2), cancelAtPeriodEnd: true })
  await subscription(eve.id, { status: 'active', trialEnd: ahead(2) })
  await round()
  t.same(await ada.subjects(), [])
  await db
    .update(stripeSubscriptions)
    .set({ trialEnd: ahead(2.9) })
    .where(eq(stripeSubscriptions.id, id))
  await round()
  await round()
  t.same(await ada.subjects(), ['Your Pro trial is about to end'])
  t.match((await outboxRepository(db).list(ada.email))[0]?.text, /costs \$99\.00 a month/)
  await db
    .update(stripeSubscriptions)
    .set({ trialEnd: ahead(2.5) })
    .where(eq(stripeSubscriptions.id, id))
  await round()
  t.equal((await ada.subjects()).length, 2, 'another end is another fact')
  t.same([await bob.subjects(), await eve.subjects()], [[], []], 'cancelled, or over already')
})

t.test('two loops at once send one mail for each fact', async (t) => {
  const other = openDatabase(url)
  t.teardown(() => other.close())
  const people = await Promise.all(Array.from({ length: 12 }, () => user()))
  for (const { id } of people) await grant(id, { endsAt: ahead(0.5) })
  // Both have read the same list before either writes.
  let readers = 0
  const together = async (db: Db) => {
    const due = await endingPlans(db)
    readers++
    await until('the other loop to have read the list', () => readers >= 2)
    return due
  }
  const loops = [db, other.db].map((db) => startReminders({ db, log, publicUrl, sources: [together], everyMs: 20 }))
  await until('a mail to everybody', async () =>
    (await Promise.all(people.map(({ subjects }) => subjects()))).every((all) => all.length > 0),
  )
  await Promise.all(loops.map((loop) => loop.stop()))
  for (const person of people) t.equal((await person.subjects()).length, 1)
  t.ok(readers >= 2)
})

t.test('a fact and its mail are kept together or not at all', async (t) => {
  const ada = await user()
  const reminder = reminderOf(ada.id, 'invoice/1', (reader) => verifyMail({ token: 'x' }, reader))
  await t.rejects(
    db.transaction(async (tx) => {
      t.equal(await mailOnce(tx, reminder, publicUrl), true)
      throw new Error('what comes after it fails')
    }),
  )
  t.equal(await db.$count(mailedFacts, eq(mailedFacts.tenantId, ada.id)), 0)
  t.equal(await mailOnce(db, reminder, publicUrl), true, 'so it is told after all')
  t.equal(await mailOnce(db, reminder, publicUrl), false)
  t.equal((await ada.subjects()).length, 1)
  await db.delete(users).where(eq(users.id, ada.id))
  t.equal(await db.$count(mailedFacts, eq(mailedFacts.tenantId, ada.id)), 0, 'it goes with its tenant')
})

t.test('nobody is written to whose account is closed, who leaves, or whose address nobody confirmed', async (t) => {
  for (const gone of [{ isActive: false }, { deletingAt: new Date() }, { emailVerifiedAt: null }]) {
    const ada = await user(gone)
    t.equal(
      await mailOnce(
        db,
        reminderOf(ada.id, 'x', (reader) => verifyMail({ token: 'x' }, reader)),
        publicUrl,
      ),
      false,
    )
    t.same(await ada.subjects(), [])
  }
})

t.test('one that fails holds up no other, is tried again, and is logged without an address', async (t) => {
  const [ada, bob] = [await user(), await user()]
  let broken = true
  const failing = reminderOf(ada.id, 'y', (reader) => {
    if (broken) throw new Error('no letter')
    return verifyMail({ token: 'x' }, reader)
  })
  const fine: Reminder = reminderOf(bob.id, 'y', (reader) => verifyMail({ token: 'x' }, reader))
  const lost = () => Promise.reject(new Error('no list'))
  const sources = [lost, async () => [failing, fine]]
  lines.length = 0
  await remindDue({ db, log, publicUrl, sources })
  t.same([(await ada.subjects()).length, (await bob.subjects()).length], [0, 1])
  t.match(
    lines.map((line) => JSON.parse(line).msg),
    ['reminders wait', 'a reminder waits'],
  )
  t.notMatch(lines.join(), '@example.com')
  broken = false
  await remindDue({ db, log, publicUrl, sources })
  t.same([(await ada.subjects()).length, (await bob.subjects()).length], [1, 1])
})

t.test('which warning a grace of so many days needs', async (t) => {
  const now = Date.now()
  const table = [
    ['7 days of grace, just begun', 0, 7, 7, false],
    ['7 days of grace, its last day', 6, 1, 1, true],
    ['14 days of grace, half of them over', 7, 7, 7, true],
    ['1 day of grace', 0, 1, 1, false],
  ] as const
  for (const [what, daysSince, daysLeft, daysBefore, mailed] of table) {
    const unpaid = {
      pastDueSince: new Date(now - daysSince * dayMs),
      amountMinor: null,
      currency: null,
      invoiceUrl: null,
    }
    const due = { grantId: 'g', tenantId: 't', planName: 'Pro', endsAt: new Date(now + daysLeft * dayMs), daysBefore }
    const { mail } = endingPlan(due, 'Free', unpaid, now)
    t.equal(mail !== undefined, mailed, what)
    if (mail) t.same(mail({ email: 'a@b.c', locale: 'en', publicUrl }).links, [`${publicUrl}/billing`])
  }
})

t.test('mails about the plan leave room for a link to choose a new password', async (t) => {
  const ada = await user()
  for (let n = 0; n < 6; n++) await mailOnce(db, planMail(ada.id, n), publicUrl)
  t.equal(await outboxRepository(db).countAskedFor(ada.email), 0)
  t.equal((await ada.subjects()).length, 6)
})

function planMail(tenantId: string, n: number): Reminder {
  const grant = { grantId: 'g', tenantId, planName: 'Pro', endsAt: ahead(3), daysBefore: 7 }
  const { mail } = endingPlan(grant, 'Free', undefined, Date.now())
  if (!mail) throw new Error('no mail')
  return reminderOf(tenantId, `plan/${n}`, mail)
}
