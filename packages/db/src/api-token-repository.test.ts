import { randomUUID } from 'node:crypto'
import { dayMs } from '@sath/core'
import { until } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import {
  apiTokenRepository,
  findApiToken,
  isApiToken,
  maxApiTokens,
  type NewApiToken,
  noteApiTokenUse,
} from './api-token-repository.js'
import { tokenHash } from './random-token.js'
import { apiTokens, users } from './schema/index.js'
import { newTenant, verdict } from './testing/new-tenant.js'
import { openTestDatabase } from './testing.js'
import { tokenRepository } from './token-repository.js'

const { db, sql: query } = await openTestDatabase(t)
const wish: NewApiToken = { name: 'my program', scope: 'trade' }
const rowOf = async (id: string) => (await db.select().from(apiTokens).where(eq(apiTokens.id, id)))[0]

t.test('a token has its form, is told once and stored as a hash alone', async (t) => {
  const tokens = apiTokenRepository(db, await newTenant(db))
  const { row, token } = await tokens.create({ ...wish, days: 30 })
  t.match(token, /^sath_[A-Za-z0-9_-]{43}$/)
  t.ok(isApiToken(token))
  for (const other of ['', token.slice(0, -1), `${token}A`, ` ${token}`, token.replace('_', '-'), `${token}\n`])
    t.notOk(isApiToken(other), other)
  t.match(row, { name: 'my program', scope: 'trade', hint: token.slice(-4), lastUsedAt: null })
  t.equal(row.expiresAt!.getTime() - row.createdAt.getTime(), 30 * dayMs)
  t.notOk('tokenHash' in row, 'the hash stays here')
  const stored = await rowOf(row.id)
  t.equal(stored?.tokenHash, tokenHash(token))
  t.notMatch(JSON.stringify(stored), token.slice(5, -4))
  t.equal((await tokens.create(wish)).row.expiresAt, null, 'without days it has no end')
  t.not((await tokens.create(wish)).token, token)
})

t.test('everybody lists and removes their own', async (t) => {
  const [own, other] = [apiTokenRepository(db, await newTenant(db)), apiTokenRepository(db, await newTenant(db))]
  const first = await own.create({ ...wish, name: 'first' })
  const second = await own.create({ ...wish, name: 'second' })
  await db.update(apiTokens).set({ createdAt: sql`now() - interval '1 hour'` }).where(eq(apiTokens.id, first.row.id))
  t.same(
    (await own.list()).map(({ name }) => name),
    ['second', 'first'],
    'newest first',
  )
  t.same([await other.list(), await other.count(), await own.count()], [[], 0, 2])
  t.equal(await other.remove(first.row.id), false)
  t.equal(await own.remove(randomUUID()), false)
  t.equal(await own.remove(first.row.id), true)
  t.same(await own.list(), [second.row])
})

t.test('of those who make one at once no more than the most get one', async (t) => {
  const userId = await newTenant(db)
  const tokens = apiTokenRepository(db, userId)
  while ((await tokens.count()) < maxApiTokens - 1) await tokens.create(wish)
  // The first is not committed while the others are counted.
  let others: Promise<string[]> = Promise.resolve([])
  await db.transaction(async (tx) => {
    await apiTokenRepository(tx, userId).create(wish)
    let done = 0
    const racing = Array.from({ length: 4 }, () => verdict(tokens.create(wish)).finally(() => done++))
    others = Promise.all(racing)
    await until('the others wait, or are done', async () => {
      const [row] = await query`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      return Number(row?.n) + done === racing.length
    })
    t.equal(done, 0, 'they wait for it')
  })
  t.same(await others, Array(4).fill('too-many-tokens'))
  t.equal(await tokens.count(), maxApiTokens)
  t.equal(
    await verdict(apiTokenRepository(db, await newTenant(db)).create(wish)),
    'accepted',
    'each user has their own',
  )
  await tokens.remove((await tokens.list())[0]!.id)
  t.equal(await verdict(tokens.create(wish)), 'accepted', 'there is room again')
})

t.test('a token stands for its user until its end, and while the user has access', async (t) => {
  const userId = await newTenant(db)
  const { row, token } = await apiTokenRepository(db, userId).create({ ...wish, days: 1 })
  const find = () => findApiToken(db, tokenHash(token))
  t.match(await find(), { id: row.id, userId, scope: 'trade', expiresAt: row.expiresAt, hasAccess: false })
  t.equal(await findApiToken(db, token), undefined, 'the hash is asked for')
  await db.execute(sql`insert into plan_grants (tenant_id, plan_id, source) values (${userId}, 'enterprise', 'admin')`)
  t.match(await find(), { hasAccess: true })
  for (const ended of [{ isActive: false }, { deletingAt: new Date() }]) {
    await db.update(users).set(ended).where(eq(users.id, userId))
    t.equal(await find(), undefined, JSON.stringify(ended))
    await db.update(users).set({ isActive: true, deletingAt: null }).where(eq(users.id, userId))
  }
  t.ok(await find())
  await db.update(apiTokens).set({ expiresAt: sql`now()` }).where(eq(apiTokens.id, row.id))
  t.equal(await find(), undefined, 'its end has come')
})

t.test('a use is written down once a minute', async (t) => {
  const { row, token } = await apiTokenRepository(db, await newTenant(db)).create(wish)
  const isDue = async () => (await findApiToken(db, tokenHash(token)))?.isUseDue
  const usedAt = async () => (await rowOf(row.id))?.lastUsedAt?.getTime()
  t.equal(await isDue(), true)
  await noteApiTokenUse(db, row.id)
  const first = await usedAt()
  t.ok(first)
  t.equal(await isDue(), false)
  await db.execute(sql`update api_tokens set last_used_at = last_used_at - interval '59 seconds' where id = ${row.id}`)
  await noteApiTokenUse(db, row.id)
  t.equal(await usedAt(), first! - 59_000)
  await db.execute(sql`update api_tokens set last_used_at = last_used_at - interval '1 second' where id = ${row.id}`)
  t.equal(await isDue(), true)
  await noteApiTokenUse(db, row.id)
  t.ok((await usedAt())! >= first!)
})

t.test('what ends all access of a user deletes their tokens, and what has expired is swept', async (t) => {
  const [userId, otherId] = [await newTenant(db), await newTenant(db)]
  const [own, other] = [apiTokenRepository(db, userId), apiTokenRepository(db, otherId)]
  await own.create(wish)
  const old = await other.create({ ...wish, days: 1 })
  const young = await other.create({ ...wish, days: 1 })
  const endless = await other.create(wish)
  await tokenRepository(db).revokeAll(userId)
  t.same([await own.count(), await other.count()], [0, 3])
  const ended = (ago: string) => ({ expiresAt: sql`now() - ${ago}::interval` })
  await db.update(apiTokens).set(ended('25 hours')).where(eq(apiTokens.id, old.row.id))
  await db.update(apiTokens).set(ended('23 hours')).where(eq(apiTokens.id, young.row.id))
  await tokenRepository(db).sweep()
  const left = (await other.list()).map(({ id }) => id)
  t.same(left.sort(), [young.row.id, endless.row.id].sort())
  await db.delete(users).where(eq(users.id, otherId))
  t.equal(await other.count(), 0, 'erasing the user erases them')
})
