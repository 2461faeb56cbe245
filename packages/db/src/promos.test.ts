import { randomUUID } from 'node:crypto'
import { dayMs } from '@sath/core'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { openDatabase } from './client.js'
import { unfinishedGrants } from './grant-repository.js'
import { type NewPromoCode, promoRepository, redeemPromo } from './promo-repository.js'
import { auditLog, promoCodes, promoRedemptions, users } from './schema/index.js'
import { newTenant, nobody, verdict } from './testing/new-tenant.js'
import { openTestDatabase } from './testing.js'

const { db, url } = await openTestDatabase(t)
const promos = promoRepository(db)

async function code(over: Partial<NewPromoCode> = {}): Promise<string> {
  const name = `P-${randomUUID().slice(0, 8).toUpperCase()}`
  const promo = { code: name, type: 'courtesy' as const, planId: 'pro', days: 30, maxUses: 100 }
  return (await promos.create({ ...promo, ...over }, nobody)).code
}
const redeem = (tenantId: string, name: string) => redeemPromo(db, tenantId, name, nobody)

t.test('a code gives its plan for its days, once to a user', async (t) => {
  const [name, tenantId] = [await code(), await newTenant(db)]
  const { plan, grant } = await redeem(tenantId, name)
  t.match([plan.id, plan.source, grant.planId], ['pro', 'promo', 'pro'])
  t.equal(grant.endsAt.getTime() - grant.startsAt.getTime(), 30 * dayMs)
  t.equal(plan.until, grant.endsAt.toISOString())
  t.equal(await verdict(redeem(tenantId, name)), 'promo-already-redeemed')
  t.equal(await verdict(redeem(await newTenant(db), name)), 'accepted')
  t.equal((await db.select().from(promoCodes).where(eq(promoCodes.code, name)))[0]?.uses, 2)
  t.equal(await db.$count(auditLog, eq(auditLog.target, name)), 3, 'made once, used twice')
})

t.test('each refusal has its reason, and uses nothing', async (t) => {
  const past = new Date(Date.now() - 1000)
  const used = await code({ maxUses: 1 })
  await redeem(await newTenant(db), used)
  const tenantId = await newTenant(db)
  for (const [name, why] of [
    ['NO-SUCH-CODE', 'not-found'],
    [await code({ active: false }), 'promo-inactive'],
    [await code({ expiresAt: past }), 'promo-expired'],
    [used, 'promo-used'],
  ] as const)
    t.equal(await verdict(redeem(tenantId, name)), why)
  const closed = await newTenant(db)
  await db.update(users).set({ deletingAt: new Date() }).where(eq(users.id, closed))
  t.equal(await verdict(redeem(closed, await code())), 'account-inactive')
  t.same(await unfinishedGrants(db, tenantId), [])
})

t.test('of many who race for the last use exactly one wins', async (t) => {
  const tenants = await Promise.all(Array.from({ length: 24 }, () => newTenant(db)))
  const connections = tenants.map(() => openDatabase(url, { max: 1 }))
  t.teardown(() => Promise.all(connections.map((connection) => connection.close())))
  for (const maxUses of [1, 3]) {
    const name = await code({ maxUses })
    const verdicts = await Promise.all(
      connections.map((connection, n) => verdict(redeemPromo(connection.db, tenants[n]!, name, nobody))),
    )
    t.equal(verdicts.filter((each) => each === 'accepted').length, maxUses)
    t.equal(verdicts.filter((each) => each === 'promo-used').length, tenants.length - maxUses)
    t.equal(await db.$count(promoRedemptions, eq(promoRedemptions.code, name)), maxUses)
    t.equal((await db.select().from(promoCodes).where(eq(promoCodes.code, name)))[0]?.uses, maxUses)
  }
  const [name, [tenantId]] = [await code(), tenants]
  const verdicts = await Promise.all(
    connections.map((connection) => verdict(redeemPromo(connection.db, tenantId!, name, nobody))),
  )
  t.equal(verdicts.filter((each) => each === 'accepted').length, 1, 'one user from many connections')
})

t.test('codes stack in time, not in level', async (t) => {
  const tenantId = await newTenant(db)
  await redeem(tenantId, await code({ planId: 'basic', days: 30 }))
  const { plan, grant } = await redeem(tenantId, await code({ planId: 'basic', days: 10 }))
  t.equal(plan.id, 'basic')
  const days = (date: Date | null) => Math.round(((date?.getTime() ?? 0) - Date.now()) / dayMs)
  t.same([days(grant.startsAt), days(grant.endsAt)], [30, 40])
  const higher = await redeem(tenantId, await code({ planId: 'pro', days: 7 }))
  t.same([higher.plan.id, days(higher.grant.startsAt)], ['pro', 0])
  const all = await unfinishedGrants(db, tenantId)
  t.same(
    all.map(({ planId, startsAt, endsAt }) => [planId, days(startsAt), days(endsAt)]),
    [
      ['basic', 0, 37],
      ['pro', 0, 7],
      ['basic', 37, 47],
    ],
  )
})

t.test('admins make, change and list codes and see who used them', async (t) => {
  const name = await code({ maxUses: 5 })
  t.equal(await verdict(code({ code: name })), 'in-use')
  t.equal(await verdict(code({ planId: 'none' })), 'invalid-request')
  const users3 = await Promise.all(Array.from({ length: 3 }, () => newTenant(db)))
  for (const tenantId of users3) await redeem(tenantId, name)
  t.match(await promos.edit(name, { active: false, days: 5 }, nobody), { code: name, active: false, days: 5, uses: 3 })
  t.equal(await verdict(promos.edit(name, { maxUses: 2 }, nobody)), 'invalid-request')
  t.equal(await promos.edit('NO-SUCH-CODE', { active: false }, nobody), undefined)
  t.equal(await verdict(redeem(await newTenant(db), name)), 'promo-inactive')
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await promos.redemptions(name, { limit: 2, cursor })
    seen.push(...(page?.items ?? []).map(({ userId }) => userId))
    cursor = page?.nextCursor ?? undefined
  } while (cursor !== undefined)
  t.same(seen, [...users3].reverse())
  t.equal(await promos.redemptions('NO-SUCH-CODE', { limit: 2 }), undefined)
  const listed = await promos.list({ active: false }, { limit: 100 })
  t.ok(listed.items.some((each) => each.code === name) && listed.items.every(({ active }) => !active))
})

t.test('the database keeps the rules of codes', async (t) => {
  const name = await code({ maxUses: 1 })
  const change = (set: Partial<typeof promoCodes.$inferInsert>) =>
    verdict(db.update(promoCodes).set(set).where(eq(promoCodes.code, name)))
  for (const set of [
    { uses: 2 },
    { uses: -1 },
    { maxUses: 0 },
    { days: 0 },
    { code: 'lower' },
    { type: 'x' as 'agent' },
  ])
    t.equal(await change(set), '23514', JSON.stringify(set))
  const tenantId = await newTenant(db)
  await redeem(tenantId, name)
  const [redemption] = await db.select().from(promoRedemptions).where(eq(promoRedemptions.code, name))
  const again = { code: name, tenantId, grantId: redemption!.grantId }
  t.equal(await verdict(db.insert(promoRedemptions).values(again)), '23505', 'once to a user')
})

t.test('codes that one user redeems at the same moment all count', async (t) => {
  const tenantId = await newTenant(db)
  const names = await Promise.all(
    Array.from({ length: 8 }, (_, n) => code({ planId: n % 2 ? 'pro' : 'basic', days: 5 })),
  )
  const connections = names.map(() => openDatabase(url, { max: 1 }))
  t.teardown(() => Promise.all(connections.map((connection) => connection.close())))
  await Promise.all(connections.map((connection, n) => redeemPromo(connection.db, tenantId, names[n]!, nobody)))
  const ends = (await unfinishedGrants(db, tenantId)).map(({ endsAt }) =>
    Math.round((endsAt!.getTime() - Date.now()) / dayMs),
  )
  t.same(
    ends.sort((a, b) => a - b),
    [5, 10, 15, 20, 25, 30, 35, 40],
  )
})
