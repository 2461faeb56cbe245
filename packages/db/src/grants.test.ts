import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { entitlements, type GrantSource, type RankedPlan } from '@sath/core'
import { until } from '@sath/testkit'
import { and, eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import t from 'tap'
import { openDatabase } from './client.js'
import { grantsEndingWithin, noteReminder } from './grant-reminders.js'
import { asPlanGrant, grantPlan, lockPlan, projectGrant, unfinishedGrants } from './grant-repository.js'
import { editPlan, effectivePlan, limitsOf, listPlans } from './plan-repository.js'
import { bots, grantReminders, planGrants, plans, users } from './schema/index.js'
import { stackGrant } from './stacked-grants.js'
import { newTenant, verdict } from './testing/new-tenant.js'
import { openTestDatabase } from './testing.js'

const { db, sql: pool, url } = await openTestDatabase(t)
const ranked: readonly RankedPlan[] = (await listPlans(db)).map((row) => {
  return { id: row.id, rank: row.rank, limits: limitsOf(row) }
})
const hour = 3_600_000
const day = 24 * hour
const base = Date.UTC(2026, 0, 1)

/** Grants on a grid of few moments, so that begins and ends often meet. */
const someGrants = fc.array(
  fc
    .record({
      source: fc.constantFrom<GrantSource>('admin', 'stripe', 'promo', 'payment'),
      planId: fc.constantFrom('free', 'basic', 'pro', 'enterprise'),
      from: fc.integer({ min: 0, max: 9 }),
      hours: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 4 }),
    })
    .map(({ hours, ...grant }) => {
      const days = grant.source === 'promo' || grant.source === 'payment'
      return { ...grant, hours: days ? (hours ?? 1) : hours }
    }),
  { maxLength: 8 },
)

async function keep(
  tenantId: string,
  given: typeof someGrants extends fc.Arbitrary<infer T> ? T : never,
  from: number,
) {
  await db.delete(planGrants).where(eq(planGrants.tenantId, tenantId))
  if (given.length === 0) return []
  const rows = given.map(({ source, planId, from: begin, hours }) => {
    const startsAt = from + begin * hour
    const endsAt = hours === null ? null : new Date(startsAt + hours * hour)
    return { tenantId, source, planId, startsAt: new Date(startsAt), endsAt, reference: randomUUID() }
  })
  return (await db.insert(planGrants).values(rows).returning()).map(asPlanGrant)
}

t.test('the database and the pure function say the same of any grants at any moment', async (t) => {
  const tenantId = await newTenant(db)
  const property = fc.asyncProperty(someGrants, async (given) => {
    const grants = await keep(tenantId, given, base)
    const moments = Array.from({ length: 35 }, (_, n) => base + ((n - 2) * hour) / 2)
    const rows = await db.execute<{ id: string; source: string; until: number | null }>(sql`
      select coalesce(f.plan_id, 'free') as id, coalesce(f.source, 'default') as source,
        (extract(epoch from f.until) * 1000)::float8 as until
      from (select to_timestamp(value::float8 / 1000) as at, value::float8 as ms
        from json_array_elements_text(${JSON.stringify(moments)}::json)) m
      left join lateral plan_in_force(${tenantId}, m.at) f on true order by m.ms`)
    const pure = moments.map((now) => {
      const { limits: _, ...rest } = entitlements({ plans: ranked, grants, now })
      return rest
    })
    assert.deepEqual(
      [...rows].map((row) => ({ ...row })),
      pure,
    )
  })
  await fc.assert(property, { numRuns: 150 })
  t.pass('150 sets of grants at 35 moments each')
})

t.test('the view shows the plan of this moment with its limits', async (t) => {
  const tenantId = await newTenant(db)
  const property = fc.asyncProperty(someGrants, async (given) => {
    // No begin or end near this moment: it goes on while the test runs.
    const grants = await keep(tenantId, given, Date.now() - 5.5 * hour)
    const { name: _, ...seen } = await effectivePlan(db, tenantId)
    const pure = entitlements({ plans: ranked, grants, now: Date.now() })
    assert.deepEqual(seen, { ...pure, until: pure.until === null ? null : new Date(pure.until).toISOString() })
  })
  await fc.assert(property, { numRuns: 60 })
  t.pass('60 sets of grants')
})

t.test('a transaction that waited for the lock sees that a grant ended meanwhile', async (t) => {
  const tenantId = await newTenant(db)
  await grantPlan(db, tenantId, { planId: 'pro' })
  const other = openDatabase(url, { max: 1 })
  t.teardown(() => other.close())
  let seen: Promise<string> | undefined
  await db.transaction(async (tx) => {
    await lockPlan(tx, tenantId)
    seen = other.db.transaction(async (late) => {
      await lockPlan(late, tenantId)
      return (await effectivePlan(late, tenantId)).id
    })
    await until('the other one to wait', async () => {
      const [row] = await db.execute<{ n: number }>(
        sql`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
      return row?.n === 1
    })
    await tx
      .update(planGrants)
      .set({ endsAt: sql`date_trunc('milliseconds', clock_timestamp())` })
      .where(eq(planGrants.tenantId, tenantId))
  })
  t.equal(await seen, 'free')
})

t.test('an admin’s plan takes the place of what admins gave before', async (t) => {
  const tenantId = await newTenant(db)
  const left = (iso: string | null) => (iso === null ? null : Math.round((Date.parse(iso) - Date.now()) / day))
  const give = async (planId: string | undefined, days?: number) => {
    const plan = await grantPlan(db, tenantId, { planId, days })
    return [plan.id, plan.source, left(plan.until)]
  }
  t.same(await give('pro', 10), ['pro', 'admin', 10])
  t.same(await give(undefined, 5), ['pro', 'admin', 15], 'a renewal begins where the present one ends')
  t.same(await give('pro', 5), ['pro', 'admin', 20], 'also by name')
  t.same(await give('basic', 5), ['basic', 'admin', 5])
  t.equal((await unfinishedGrants(db, tenantId)).length, 1)
  t.same(await give('enterprise'), ['enterprise', 'admin', null])
  t.equal(await verdict(grantPlan(db, tenantId, { planId: 'none' })), 'invalid-request')
  await db.transaction(async (tx) => {
    const now = await lockPlan(tx, tenantId)
    await projectGrant(tx, tenantId, 'sub_1', { planId: 'pro', startsAt: new Date(now), endsAt: null }, now)
  })
  t.same(await give('basic'), ['pro', 'stripe', null], 'what is paid for stays')
})

t.test('a renewal of a promo code’s plan begins at its end', async (t) => {
  const tenantId = await newTenant(db)
  await db.transaction(async (tx) => {
    const now = await lockPlan(tx, tenantId)
    const grant = { id: randomUUID(), source: 'promo', planId: 'pro', ms: 10 * day, reference: randomUUID() } as const
    await stackGrant(tx, tenantId, grant, now)
  })
  const plan = await grantPlan(db, tenantId, { days: 5 })
  t.equal(Math.round((Date.parse(plan.until ?? '') - Date.now()) / day), 15)
})

t.test('a subscription’s grant is what the subscription says, and rings only when that changes', async (t) => {
  const tenantId = await newTenant(db)
  const heard: string[] = []
  const line = await pool.listen('sath_plans', (tenant) => heard.push(tenant))
  t.teardown(() => line.unlisten())
  const project = (wanted: Parameters<typeof projectGrant>[3]) =>
    db.transaction(async (tx) => {
      const now = await lockPlan(tx, tenantId)
      await projectGrant(tx, tenantId, `sub_${tenantId}`, wanted, now)
      const { id, source, until: end } = await effectivePlan(tx, tenantId)
      return [id, source, end]
    })
  const startsAt = new Date(Date.now() + 60_000)
  const endsAt = new Date(Math.ceil(Date.now() / 1000) * 1000 + day)
  t.same(await project({ planId: 'pro', startsAt, endsAt: null }), ['pro', 'stripe', null], 'Stripe’s clock is ahead')
  t.same(await project({ planId: 'pro', startsAt, endsAt: null }), ['pro', 'stripe', null])
  t.same(await project({ planId: 'pro', startsAt, endsAt }), ['pro', 'stripe', endsAt.toISOString()])
  t.same(await project(undefined), ['free', 'default', null])
  t.same(await project(undefined), ['free', 'default', null])
  t.same(await project({ planId: 'basic', startsAt, endsAt: null }), ['basic', 'stripe', null])
  await db.execute(sql`select pg_notify('sath_plans', 'end')`)
  await until('the bells', () => heard.includes('end'))
  t.equal(heard.filter((tenant) => tenant === tenantId).length, 4, 'four of six changed anything')
  t.equal(await db.$count(planGrants, eq(planGrants.tenantId, tenantId)), 1)
})

t.test('what changes a plan makes the orchestrator look and rings for those who hold limits', async (t) => {
  const tenantId = await newTenant(db)
  const [heard, woken]: [string[], string[]] = [[], []]
  const lines = [
    await pool.listen('sath_plans', (payload) => heard.push(payload)),
    await pool.listen('sath_bots', (payload) => woken.push(payload)),
  ]
  t.teardown(() => Promise.all(lines.map((line) => line.unlisten())))
  const rings = async (what: string, payload: string, change: () => Promise<unknown>) => {
    heard.length = 0
    woken.length = 0
    await db.update(bots).set({ lookAt: null }).where(eq(bots.tenantId, tenantId))
    await change()
    await until(what, () => heard.includes(payload) && woken.includes(tenantId))
    const [bot] = await db.select({ due: sql<boolean>`look_at <= now()` }).from(bots).where(eq(bots.tenantId, tenantId))
    t.ok(bot?.due, what)
  }
  const grant = { id: randomUUID(), tenantId, source: 'admin' as const, planId: 'pro' }
  const mine = eq(planGrants.id, grant.id)
  await rings('a new grant', tenantId, () => db.insert(planGrants).values(grant))
  await rings('a changed grant', tenantId, () => db.update(planGrants).set({ planId: 'basic' }).where(mine))
  await rings('another limit', 'plan:basic', () => editPlan(db, 'basic', { maxSymbols: 7 }))
  await rings('more memory', 'plan:basic', () => editPlan(db, 'basic', { memoryMiB: 192 }))
  heard.length = 0
  await editPlan(db, 'basic', { priceMonth: '30', name: 'Base', trialDays: 7 })
  await db.execute(sql`select pg_notify('sath_plans', 'end')`)
  await until('the bells', () => heard.includes('end'))
  t.same(heard, ['end'], 'a price is nothing for a bot')
  await rings('a grant that is gone', tenantId, () => db.delete(planGrants).where(mine))
})

t.test('the database keeps the rules of grants', async (t) => {
  const tenantId = await newTenant(db)
  const grant = { tenantId, source: 'admin' as const, planId: 'pro' }
  const insert = (over: Partial<typeof planGrants.$inferInsert>) =>
    verdict(db.insert(planGrants).values({ ...grant, ...over }))
  t.equal(await insert({ startsAt: new Date(base), endsAt: new Date(base - 1) }), '23514', 'no end before the begin')
  t.equal(await insert({ source: 'promo' }), '23514', 'a promo code gives days')
  t.equal(await insert({ source: 'payment' }), '23514', 'so does a payment')
  t.equal(await insert({ source: 'stripe' }), '23514', 'a subscription has its name')
  t.equal(await insert({ source: 'somebody' as 'admin' }), '23514')
  t.equal(await insert({ planId: 'none' }), '23503')
  t.equal(await insert({ reference: 'a' }), 'accepted')
  t.equal(await insert({ reference: 'a' }), '23505', 'one grant of a source and reference')
  t.equal(await insert({ reference: 'a', source: 'stripe' }), 'accepted', 'another source')
  t.equal(await verdict(db.update(plans).set({ trialDays: -1 })), '23514')
})

t.test('each warning of a plan’s end is given once, and none of an end that is none', async (t) => {
  const ends = async (daysLeft: number, { given = 30, planId = 'pro' } = {}) => {
    const tenantId = await newTenant(db)
    const endsAt = new Date(Date.now() + daysLeft * day)
    const createdAt = new Date(endsAt.getTime() - given * day)
    await db.insert(planGrants).values({ tenantId, source: 'promo', planId, startsAt: createdAt, endsAt, createdAt })
    return { tenantId, endsAt }
  }
  const [week, hours] = [await ends(6.5), await ends(0.5)]
  await ends(8)
  await ends(-1)
  await ends(2.5, { given: 3 })
  const followed = await ends(3)
  await db
    .insert(planGrants)
    .values({ tenantId: followed.tenantId, source: 'admin', planId: 'pro', startsAt: new Date() })
  const leaving = await ends(3)
  await db.update(users).set({ deletingAt: new Date() }).where(eq(users.id, leaving.tenantId))
  const due = async () => {
    const all = await grantsEndingWithin(db, [7, 1])
    return all.map(({ tenantId, daysBefore }) => [tenantId, daysBefore])
  }
  t.same(await due(), [
    [hours.tenantId, 1],
    [week.tenantId, 7],
  ])
  const [first, second] = await grantsEndingWithin(db, [7, 1])
  t.match(first, { planId: 'pro', planName: 'Pro', source: 'promo', locale: 'en', endsAt: hours.endsAt })
  const noted = await Promise.all(Array.from({ length: 5 }, () => noteReminder(db, first!)))
  t.equal(noted.filter(Boolean).length, 1, 'one of many gives it')
  t.ok(await noteReminder(db, second!))
  t.same(await due(), [], 'the 7 days of one that was told of its last day are past')
  await db
    .update(planGrants)
    .set({ endsAt: new Date(Date.now() + 0.5 * day) })
    .where(eq(planGrants.id, second!.grantId))
  t.same(await due(), [[week.tenantId, 1]], 'another end is another warning')
  t.equal(await db.$count(grantReminders, and(eq(grantReminders.grantId, first!.grantId))), 1)
})
