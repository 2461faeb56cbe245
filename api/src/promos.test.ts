import { auditLog, bots } from '@sath/db'
import { desc, eq } from 'drizzle-orm'
import t from 'tap'
import { setup, type TestUser, verdict } from './app.fixture.js'

const app = await setup(t)
const { db, call } = app
const admin = await app.user('admin')
const support = await app.user('support')

const make = (as: TestUser, body: object, headers = {}) => call('POST', '/v1/admin/promo-codes', { as, body, headers })
const edit = (as: TestUser, body: object) => call('PUT', '/v1/admin/promo-codes', { as, body })
const redeem = (as: TestUser, code: string, headers = {}) =>
  call('POST', '/v1/billing/promo', { as, body: { code }, headers })
const lastAudit = async () =>
  (await db.select().from(auditLog).orderBy(desc(auditLog.time), desc(auditLog.id)).limit(1))[0]
const promo = { type: 'agent', plan: 'pro', days: 30, maxUses: 10 }

t.test('an admin makes a code, a subscriber has its plan at once', async (t) => {
  const made = await make(admin, {
    ...promo,
    code: ' spring-27 ',
    note: 'fair',
    expiresAt: '2099-01-01T00:00:00+02:00',
  })
  t.equal(made.statusCode, 201)
  t.match(made.json(), {
    code: 'SPRING-27',
    type: 'agent',
    plan: 'pro',
    days: 30,
    maxUses: 10,
    uses: 0,
    active: true,
    note: 'fair',
    expiresAt: '2098-12-31T22:00:00.000Z',
    createdBy: admin.id,
  })
  t.match(await lastAudit(), { action: 'admin.promo.create', actorId: admin.id, target: 'SPRING-27' })
  const user = await app.user()
  await db.update(bots).set({ lookAt: null }).where(eq(bots.tenantId, user.id))
  const redeemed = await redeem(user, 'Spring-27')
  t.equal(redeemed.statusCode, 200)
  const body = redeemed.json<{ until: string; grant: { startsAt: string; endsAt: string } }>()
  t.match(body, { plan: 'pro', source: 'promo', until: body.grant.endsAt, grant: { plan: 'pro' } })
  t.equal(Date.parse(body.grant.endsAt) - Date.parse(body.grant.startsAt), 30 * 86_400_000)
  t.match(await lastAudit(), { action: 'promo.redeem', actorId: user.id, target: 'SPRING-27' })
  t.match((await call('GET', '/v1/billing/subscription', { as: user })).json(), {
    plan: 'pro',
    source: 'promo',
    until: body.until,
    grants: [{ plan: 'pro', source: 'promo', ...body.grant }],
  })
  const [bot] = await db.select().from(bots).where(eq(bots.tenantId, user.id))
  t.ok(bot?.lookAt, 'the orchestrator is asked to look')
  const users = await call('GET', '/v1/admin/promo-codes/spring-27/redemptions', { as: support })
  t.match(users.json(), { items: [{ userId: user.id, email: user.email, endsAt: body.until }], nextCursor: null })
  t.match(await lastAudit(), { action: 'admin.look', actorId: support.id, target: 'SPRING-27' })
})

t.test('each refusal says which it is', async (t) => {
  const user = await app.user()
  const code = async (over: object) => (await make(admin, { ...promo, ...over })).json<{ code: string }>().code
  const used = await code({ maxUses: 1 })
  t.match(used, /^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/, 'a code that Sath makes up')
  t.equal(verdict(await redeem(user, used)), '200')
  const inactive = await code({})
  await edit(admin, { code: inactive, active: false })
  for (const [name, why] of [
    ['NO-SUCH', '404 not-found'],
    [used, '409 promo-already-redeemed'],
    [inactive, '409 promo-inactive'],
    [await code({ expiresAt: '2020-01-01T00:00:00Z' }), '409 promo-expired'],
    [' ', '400 invalid-request'],
  ] as const)
    t.equal(verdict(await redeem(user, name)), why)
  t.equal(verdict(await redeem(await app.user(), used)), '409 promo-used')
})

t.test('with a key it is redeemed once and answered again', async (t) => {
  const user = await app.user()
  const { code } = (await make(admin, promo, { 'idempotency-key': 'a' })).json<{ code: string }>()
  t.equal((await make(admin, promo, { 'idempotency-key': 'a' })).json<{ code: string }>().code, code)
  t.match(await lastAudit(), { action: 'admin.again' })
  const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(user, code, { 'idempotency-key': 'b' })))
  t.same([...new Set(answers.map(({ statusCode }) => statusCode))], [200])
  t.equal(new Set(answers.map(({ body }) => body)).size, 1)
})

t.test('many users racing over HTTP for the last use: one wins', async (t) => {
  const { code } = (await make(admin, { ...promo, maxUses: 1 })).json<{ code: string }>()
  const users = await Promise.all(Array.from({ length: 20 }, () => app.user()))
  const verdicts = (await Promise.all(users.map((user) => redeem(user, code)))).map(verdict)
  t.equal(verdicts.filter((each) => each === '200').length, 1)
  t.equal(verdicts.filter((each) => each === '409 promo-used').length, 19)
})

t.test('codes cannot be guessed without end', async (t) => {
  const strict = await setup(t, { limits: { user: 1e6, open: 1e6, login: 1e6, register: 1e6, forgot: 1e6, promo: 3 } })
  const guess = async (as: TestUser) =>
    verdict(await strict.call('POST', '/v1/billing/promo', { as, body: { code: 'X1' } }))
  const users = await Promise.all(Array.from({ length: 4 }, () => strict.user()))
  for (let n = 0; n < 3; n++) t.equal(await guess(users[0]!), '404 not-found')
  const refused = await strict.call('POST', '/v1/billing/promo', { as: users[0]!, body: { code: 'X1' } })
  t.equal(verdict(refused), '429 rate-limited')
  t.match(refused.headers['retry-after'], /^\d+$/)
  for (const user of users.slice(1)) for (let n = 0; n < 2; n++) t.equal(await guess(user), '404 not-found')
  t.equal(await guess(users[3]!), '429 rate-limited', 'nor with many accounts from one address')
})

t.test('support reads codes and changes none; faults are named', async (t) => {
  const { code } = (await make(admin, promo)).json<{ code: string }>()
  t.equal(verdict(await make(support, promo)), '403 forbidden')
  t.equal(verdict(await edit(support, { code, active: false })), '403 forbidden')
  t.match(await lastAudit(), { action: 'admin.refused', actorId: support.id })
  const listed = await call('GET', '/v1/admin/promo-codes?active=true&limit=100', { as: support })
  t.ok(listed.json<{ items: { code: string }[] }>().items.some((each) => each.code === code))
  t.match((await edit(admin, { code, days: 5, expiresAt: null, note: null })).json(), { days: 5, expiresAt: null })
  for (const [body, why] of [
    [{ code }, '400 invalid-request'],
    [{ code, plan: 'none' }, '400 invalid-request'],
    [{ code: 'NO-SUCH', days: 1 }, '404 not-found'],
    [{ code, uses: 0 }, '400 invalid-request'],
  ] as const)
    t.equal(verdict(await edit(admin, body)), why)
  for (const [body, why] of [
    [{ ...promo, code }, '409 in-use'],
    [{ ...promo, code: 'a b' }, '400 invalid-request'],
    [{ ...promo, days: 0 }, '400 invalid-request'],
    [{ ...promo, maxUses: 0 }, '400 invalid-request'],
    [{ ...promo, type: 'gift' }, '400 invalid-request'],
    [{ ...promo, plan: 'none' }, '400 invalid-request'],
  ] as const)
    t.equal(verdict(await make(admin, body)), why, JSON.stringify(body))
  t.equal(verdict(await call('GET', '/v1/admin/promo-codes/NO-SUCH/redemptions', { as: admin })), '404 not-found')
  t.equal(verdict(await call('POST', '/v1/billing/promo', { body: { code } })), '401 unauthenticated')
})
