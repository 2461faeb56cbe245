import { randomUUID } from 'node:crypto'
import type { http } from '@sath/contracts'
import {
  apiTokens,
  auditLog,
  grantPlan,
  idempotencyKeys,
  plans,
  tokenRepository,
  userRepository,
  users,
} from '@sath/db'
import { until } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { createApiToken } from './accounts/create-api-token.js'
import { setup, type TestApp, type TestUser, verdict } from './app.fixture.js'
import { tidyUp } from './housekeeping.js'

const app = await setup(t)
const { db, call } = app
const told: string[] = []
const nobody = { id: null, address: null, agent: null }

const give = (user: TestUser, planId: string, to: TestApp = app) => grantPlan(to.db, user.id, { planId })
/** A user of a plan that has API access. */
async function subscriber(role?: 'admin' | 'superadmin', on: TestApp = app): Promise<TestUser> {
  const user = await on.user(role)
  await give(user, 'enterprise', on)
  return user
}
const path = '/v1/users/me/tokens'
const body = { name: 'my program', scope: 'trade' }
async function make(user: TestUser, wish: object = {}, on: TestApp = app): Promise<http.CreatedApiToken> {
  const made = (await on.call('POST', path, { as: user, body: { ...body, ...wish } })).json<http.CreatedApiToken>()
  told.push(made.token)
  return made
}
const list = async (user: TestUser) => (await call('GET', path, { as: user })).json<http.ApiTokens>().items
const status = (token: string, on: TestApp = app) => on.call('GET', '/v1/bot/status', { as: token }).then(verdict)
const change = (id: string, changes: object) => db.update(apiTokens).set(changes).where(eq(apiTokens.id, id))

t.test('a token is shown once, listed without itself, works, and ends with its deletion at once', async (t) => {
  const user = await subscriber()
  const first = await call('POST', path, { as: user, body: { name: '  nightly report ', scope: 'read', days: 30 } })
  const { token, ...listed } = first.json<http.CreatedApiToken>()
  told.push(token)
  t.equal(first.statusCode, 201)
  t.match(listed, { name: 'nightly report', scope: 'read', hint: token.slice(-4), lastUsedAt: null })
  t.equal(Date.parse(listed.expiresAt!) - Date.parse(listed.createdAt), 30 * 86_400_000)
  const second = await make(user)
  t.match(second, { scope: 'trade', expiresAt: null })
  t.same(
    (await list(user)).map(({ id }) => id),
    [second.id, listed.id],
    'newest first',
  )
  t.same((await list(user))[1], listed, 'without the token')
  t.equal(await status(token), '200')
  t.equal(verdict(await call('DELETE', `${path}/${listed.id}`, { as: user })), '204')
  t.equal(await status(token), '401 unauthenticated')
  t.equal(await status(second.token), '200', 'the other one stands')
  const trail = await db.select().from(auditLog).where(eq(auditLog.target, listed.id)).orderBy(auditLog.id)
  t.match(trail, [
    { action: 'token.create', actorId: user.id, fields: { scope: 'read', expiresAt: listed.expiresAt } },
    { action: 'token.delete', actorId: user.id, fields: {} },
  ])
})

t.test('somebody else’s tokens are not there', async (t) => {
  const [owner, other] = [await subscriber(), await subscriber()]
  const { id, token } = await make(owner)
  t.same(await list(other), [])
  t.equal(verdict(await call('DELETE', `${path}/${id}`, { as: other })), '404 not-found')
  t.equal(verdict(await call('DELETE', `${path}/${randomUUID()}`, { as: owner })), '404 not-found')
  t.equal(await status(token), '200')
  t.equal(await db.$count(auditLog, eq(auditLog.target, id)), 1, 'nothing was deleted')
  const me = await call('GET', '/v1/users/me', { as: token })
  t.equal(me.json<{ id: string }>().id, owner.id)
})

t.test('what is wished for is checked, and there are no more than twenty', async (t) => {
  const user = await subscriber()
  for (const wrong of [
    { name: ' ' },
    { name: 'x'.repeat(61) },
    { scope: 'admin' },
    { days: 0 },
    { days: 366 },
    { days: 1.5 },
    { token: 'mine' },
  ])
    t.equal(
      verdict(await call('POST', path, { as: user, body: { ...body, ...wrong } })),
      '400 invalid-request',
      JSON.stringify(wrong),
    )
  const answers = await Promise.all(Array.from({ length: 24 }, () => call('POST', path, { as: user, body })))
  const verdicts = answers.map(verdict).sort()
  t.same(verdicts, [...Array(20).fill('201'), ...Array(4).fill('409 too-many-tokens')])
  t.equal((await list(user)).length, 20)
})

t.test('a repeated request makes another token: no answer that shows one is stored', async (t) => {
  const user = await subscriber()
  const headers = { 'idempotency-key': 'once' }
  const answers = [
    await call('POST', path, { as: user, body, headers }),
    await call('POST', path, { as: user, body, headers }),
  ].map((answer) => answer.json<http.CreatedApiToken>().token)
  told.push(...answers)
  t.not(answers[0], answers[1])
  t.equal(await db.$count(idempotencyKeys, eq(idempotencyKeys.userId, user.id)), 0)
})

t.test('a plan without API access makes and takes none; the token works again after an upgrade', async (t) => {
  const user = await app.user()
  const refusal = {
    code: 'plan-limit',
    errors: [{ path: 'apiAccess', message: 'the plan has no API access' }],
  }
  const refused = await call('POST', path, { as: user, body })
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), refusal)
  await give(user, 'enterprise')
  const { token } = await make(user)
  t.equal(await status(token), '200')
  const admin = await app.user('admin')
  const assign = (plan: string) => call('PUT', `/v1/admin/users/${user.id}`, { as: admin, body: { plan } })
  await assign('pro')
  const used = await call('GET', '/v1/bot/status', { as: token })
  t.equal(used.statusCode, 422)
  t.match(used.json(), refusal)
  t.equal((await list(user)).length, 1, 'it is kept')
  // Not by this process, which therefore goes on believing what it knows for two seconds.
  await give(user, 'enterprise')
  await until('the upgrade counts', async () => (await status(token)) === '200')
  await db.update(plans).set({ apiAccess: true }).where(eq(plans.id, 'pro'))
  await assign('pro')
  t.equal(await status(token), '200', 'the plan’s row says what it allows, not its name')
  await db.update(plans).set({ apiAccess: false }).where(eq(plans.id, 'pro'))
  const { items } = (await call('GET', '/v1/billing/plans')).json<{ items: { id: string; apiAccess: boolean }[] }>()
  t.same(
    items.filter(({ apiAccess }) => apiAccess).map(({ id }) => id),
    ['enterprise'],
    'everybody can see which plans have it',
  )
})

t.test('what is no token, and one whose end has come, is nobody’s', async (t) => {
  const user = await subscriber()
  const { id, token } = await make(user, { days: 1 })
  const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`
  for (const wrong of [other, token.slice(0, -1), `${token}A`, token.slice('sath_'.length), 'sath_'])
    t.equal(await status(wrong), '401 unauthenticated', wrong.slice(-6))
  await change(id, { expiresAt: sql`now()` })
  t.equal(await status(token), '401 unauthenticated')
  t.equal((await list(user)).length, 1)
  await tidyUp(db)
  t.equal((await list(user)).length, 1, 'its owner sees for a day that it has ended')
  await change(id, { expiresAt: sql`now() - interval '25 hours'` })
  await tidyUp(db)
  t.same(await list(user), [])
})

t.test('a reset of the password, a deactivation and a departure end tokens for good', async (t) => {
  const admin = await app.user('admin')
  const put = (user: TestUser, isActive: boolean) =>
    call('PUT', `/v1/admin/users/${user.id}`, { as: admin, body: { isActive } })
  for (const [what, end] of [
    [
      'reset',
      async (user: TestUser) => {
        const token = await tokenRepository(db).createOneTime(user.id, 'reset-password', 60_000)
        await call('POST', '/v1/auth/reset-password', { body: { token, password: 'another long one' } })
      },
    ],
    ['deactivation', async (user: TestUser) => put(user, false).then(() => put(user, true))],
    ['departure', (user: TestUser) => call('DELETE', '/v1/users/me', { as: user })],
  ] as const) {
    const user = await subscriber()
    const { token } = await make(user)
    t.equal(await status(token), '200')
    await end(user)
    t.equal(await status(token), '401 unauthenticated', what)
    t.equal(await db.$count(apiTokens, eq(apiTokens.userId, user.id)), 0, what)
  }
})

t.test('whoever is just being locked out keeps no way in', async (t) => {
  const user = await subscriber()
  const { id: userId, sessionId } = user
  const wish = () => createApiToken(db, { userId, sessionId }, { name: 'x', scope: 'read' }, nobody)
  let late: Promise<unknown> = Promise.resolve()
  await db.transaction(async (tx) => {
    await userRepository(tx).setPassword(userId, 'x')
    late = wish().catch(({ code }: { code: string }) => code)
    await until('it waits', async () => {
      const [row] = await app.sql`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      return row?.n === 1
    })
    await tokenRepository(tx).revokeAll(userId)
  })
  t.equal(await late, 'unauthenticated', 'asked for before the reset, made after it')
  await t.rejects(wish(), { code: 'unauthenticated' })
  t.equal(await db.$count(apiTokens, eq(apiTokens.userId, userId)), 0)
  const inactive = await subscriber()
  const { token } = await make(inactive)
  await db.update(users).set({ isActive: false }).where(eq(users.id, inactive.id))
  t.equal(await status(token), '401 unauthenticated')
})

t.test('a use is written down once a minute, and nobody waits for that or fails by it', async (t) => {
  const on = await setup(t)
  const user = await subscriber(undefined, on)
  const { id, token } = await make(user, {}, on)
  const usedAt = async () => (await on.db.select().from(apiTokens).where(eq(apiTokens.id, id)))[0]?.lastUsedAt
  const listedUse = async () =>
    (await on.call('GET', path, { as: user })).json<http.ApiTokens>().items[0]?.lastUsedAt ?? null
  await on.db.transaction(async (tx) => {
    await tx.execute(sql`select from api_tokens where id = ${id} for update`)
    t.equal(await status(token, on), '200', 'while its row cannot be written')
    t.equal(await listedUse(), null)
  })
  await until('the use is written', async () => (await listedUse()) !== null)
  await on.sql`update api_tokens set last_used_at = last_used_at - interval '30 seconds'`
  const before = await usedAt()
  // Forgotten, so that each of these asks the database.
  for (let n = 0; n < 3; n++) {
    await on.call('DELETE', `${path}/${(await make(user, {}, on)).id}`, { as: user })
    t.equal(await status(token, on), '200')
  }
  t.same(await usedAt(), before, 'half a minute ago is written already')
  await on.sql`update api_tokens set last_used_at = last_used_at - interval '30 seconds'`
  await on.sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`
  await on.sql`create trigger refuse before update on api_tokens execute function refuse()`
  await on.call('DELETE', `${path}/${(await make(user, {}, on)).id}`, { as: user })
  t.equal(await status(token, on), '200')
  const line = await until('the fault is told', () => on.lines.find((each) => each.includes('not noted')))
  t.match(JSON.parse(line), { level: 40, tokenId: id, err: { message: 'a query failed' } })
})

t.test('all tokens and the page of a user are counted together', async (t) => {
  const limits = { user: 6, open: 4, login: 1, register: 1, forgot: 1, promo: 1 }
  const on = await setup(t, { limits })
  const [user, other] = [await subscriber(undefined, on), await subscriber(undefined, on)]
  const [first, second, others] = [await make(user, {}, on), await make(user, {}, on), await make(other, {}, on)]
  t.equal(await status(first.token, on), '200')
  t.equal(await status(second.token, on), '200')
  t.equal(verdict(await on.call('PUT', '/v1/users/me', { as: first.token, body: {} })), '403 forbidden')
  t.equal(verdict(await on.call('GET', '/v1/bot/status', { as: user })), '200')
  for (const as of [user.token, first.token, second.token])
    t.equal(verdict(await on.call('GET', '/v1/bot/status', { as })), '429 rate-limited')
  t.equal(await status(others.token, on), '200')
  const made = () => `sath_${'x'.repeat(32)}${randomUUID().slice(0, 11)}`
  t.equal(await status(made(), on), '401 unauthenticated')
  t.equal(await status(made(), on), '429 rate-limited', 'tokens that are nobody’s count against their address')
  t.equal(await status(others.token, on), '200', 'one that is known does not')
})

t.test('no token is anywhere but with its owner', async (t) => {
  const said = app.lines.join('\n')
  const stored = JSON.stringify([await app.sql`select * from api_tokens`, await app.sql`select * from audit_log`])
  t.ok(told.length > 10)
  for (const token of told) {
    t.notOk(said.includes(token), 'in the log')
    t.notOk(stored.includes(token), 'in the database')
  }
})
