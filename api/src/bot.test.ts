import { randomUUID } from 'node:crypto'
import { auditLog, botRuns, bots, brokerAccounts, candles, ensureDays, orders, startPresence, trades } from '@sath/db'
import { and, eq } from 'drizzle-orm'
import t from 'tap'
import { config, runRow, setup, strategy, type TestUser, verdict } from './app.fixture.js'

const app = await setup(t)
const { db, call } = app

const save = (as: TestUser, version = 0, over = {}) =>
  call('PUT', '/v1/bot/config', { as, body: { version, config: config(over) } })
const bot = async ({ id }: TestUser) => (await db.select().from(bots).where(eq(bots.tenantId, id)))[0]!
const ask = (as: TestUser, verb: string, headers = {}) => call('POST', `/v1/bot/${verb}`, { as, headers })
const audited = async ({ id }: TestUser, action: string) =>
  db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.target, id), eq(auditLog.action, action)))
// Prices, and a gateway that says where they come from.
const time = Date.UTC(2024, 11, 2, 10)
await ensureDays(db, 'candles', [time])
await db.insert(candles).values({
  source: 'replay',
  symbol: 'BTCUSDT',
  timeframe: 'M1',
  time: new Date(time),
  open: 1,
  high: 2,
  low: 1,
  close: 2,
  volume: 1,
})
const gateway = await startPresence(db, { name: 'gateway', node: 'n' })
t.teardown(() => gateway.end())
await gateway.ready({ feed: { source: 'replay', synthetic: false, connected: true } })
const byHand = (as: TestUser, over = {}, headers = {}) =>
  call('POST', '/v1/trades', {
    as,
    headers,
    body: { symbol: 'BTCUSDT', direction: 'put', stake: '1.50', expiryCandles: 5, ...over },
  })

t.test('a configuration is saved as the next version and opens the paper account once', async (t) => {
  const user = await app.user()
  t.same((await call('GET', '/v1/bot/config', { as: user })).json(), { version: 0, config: null })
  const first = await save(user)
  t.match(first.json(), { version: 1, config: { capital: '100.00' } })
  t.equal(verdict(await save(user)), '409 version-conflict', 'somebody else saved meanwhile')
  const racing = await Promise.all(Array.from({ length: 5 }, () => save(user, 1, { capital: '50.00' })))
  t.equal(racing.filter((r) => r.statusCode === 200).length, 1, 'one of several at once')
  t.match((await call('GET', '/v1/bot/config', { as: user })).json(), { version: 2, config: { capital: '50.00' } })
  const accounts = await db.select().from(brokerAccounts).where(eq(brokerAccounts.tenantId, user.id))
  t.match(accounts, [{ account: 'paper', currency: 'USD', startBalance: /^100\.0*$/ }])
  t.match((await call('GET', '/v1/bot/accounts', { as: user })).json(), {
    items: [{ account: 'paper', balance: '100' }],
  })
  t.equal((await audited(user, 'bot.config-saved')).length, 2)
  t.equal((await bot(user)).generation, 0, 'a save is no new wish')
})

t.test('what the plan, the catalogue and the state refuse', async (t) => {
  const user = await app.user()
  const refused = async (over: object) => {
    const response = await save(user, 0, over)
    return [
      verdict(response),
      ...response
        .json<{ errors: { path: string; message: string }[] }>()
        .errors.map(({ message }) => message.split(':')[0]),
    ]
  }
  t.same(await refused({ strategies: [strategy(), strategy()] }), ['422 plan-limit', 'maxStrategies'])
  t.same(await refused({ strategies: [strategy({ symbols: ['BTCUSDT', 'ETHUSDT'] })] }), [
    '422 plan-limit',
    'maxSymbols',
  ])
  t.same(await refused({ strategies: [strategy({ stake: '6.00' })] }), ['422 plan-limit', 'maxCapitalPerTrade'])
  t.same(await refused({ capital: '101.00' }), ['422 plan-limit', 'maxCapital'])
  t.same(await refused({ mode: 'live' }), ['422 plan-limit', 'modes'])
  const martingale = {
    plan: 'classic' as const,
    ladder: 'single' as const,
    next: 'signal' as const,
    multiplier: '2.0',
    maxLevel: 3,
  }
  t.same(
    await refused({ strategies: [strategy({ martingale })] }),
    ['422 plan-limit', 'maxCapitalPerTrade'],
    'a level above the cap',
  )
  t.same((await refused({ strategies: [strategy({ strategy: 'no-such' })] }))[0], '400 invalid-request')
  t.same((await refused({ strategies: [strategy({ brokerAccountId: randomUUID() })] }))[0], '400 invalid-request')
  const misspelt = { strategies: [{ ...strategy(), stakes: '1.00' }], 'a/b': 1, unknown: 1 }
  const response = await save(user, 0, misspelt)
  t.equal(verdict(response), '400 invalid-request')
  t.same(
    response.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path),
    ['config.strategies.0.stakes', 'config.a/b', 'config.unknown'],
    'each unknown key has its own path',
  )
  await db.execute(`insert into plan_grants (tenant_id, plan_id, source) values ('${user.id}', 'basic', 'admin')`)
  t.equal(verdict(await save(user, 0, { mode: 'live' })), '422 not-available')
  t.equal(verdict(await ask(user, 'start')), '422 config-missing')
})

t.test('the plan counts again at the start', async (t) => {
  const user = await app.user()
  await db.execute(`insert into plan_grants (tenant_id, plan_id, source) values ('${user.id}', 'basic', 'admin')`)
  t.equal(verdict(await save(user, 0, { capital: '5000.00' })), '200')
  await db.execute(`update plan_grants set plan_id = 'free' where tenant_id = '${user.id}'`)
  t.equal(verdict(await ask(user, 'start')), '422 plan-limit')
  t.equal(verdict(await ask(user, 'restart')), '422 plan-limit')
})

t.test('fifty starts at once are one wish, with and without a key', async (t) => {
  for (const headers of [{}, { 'idempotency-key': randomUUID() }]) {
    const user = await app.user()
    await save(user)
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(user, 'start', headers)))
    t.same([...new Set(answers.map(({ statusCode }) => statusCode))], [202])
    t.equal(new Set(answers.map(({ body }) => body)).size, 1, 'the same answer')
    t.match(answers[0]?.json(), { status: 'starting', desired: 'running', generation: 1, run: null })
    t.match(await bot(user), { generation: 1, desiredState: 'running' })
    t.equal((await audited(user, 'bot.start')).length, 1)
  }
})

t.test('fifty restarts with one key are one wish; the key belongs to its body, route and user', async (t) => {
  const user = await app.user()
  await save(user)
  const key = { 'idempotency-key': 'k-1' }
  await Promise.all(Array.from({ length: 50 }, () => ask(user, 'restart', key)))
  t.equal((await bot(user)).generation, 1)
  t.equal(
    verdict(await call('POST', '/v1/bot/restart', { as: user, headers: key, body: {} })),
    '409 idempotency-conflict',
  )
  t.equal(verdict(await ask(user, 'stop', key)), '202', 'another route')
  t.equal((await bot(user)).generation, 2)
  const other = await app.user()
  await save(other)
  t.equal(verdict(await ask(other, 'restart', key)), '202', 'another user')
  t.equal((await bot(other)).generation, 1)
  t.equal(verdict(await ask(user, 'start', { 'idempotency-key': 'with space' })), '400 invalid-request')
  const unsaved = await app.user()
  t.equal(verdict(await ask(unsaved, 'start', key)), '422 config-missing')
  await save(unsaved)
  t.equal(verdict(await ask(unsaved, 'start', key)), '202', 'a refusal had no effect and is not remembered')
})

t.test('starts and stops that race end as the last one says', async (t) => {
  const user = await app.user()
  await save(user)
  await Promise.all(Array.from({ length: 30 }, (_, n) => ask(user, n % 2 ? 'start' : 'stop')))
  const last = await ask(user, 'stop')
  t.match(last.json(), { desired: 'stopped', status: 'stopped' })
  const row = await bot(user)
  const wishes = (await audited(user, 'bot.start')).length + (await audited(user, 'bot.stop')).length
  t.equal(row.generation, wishes, 'each change of the wish is one generation and one audit row')
})

t.test('an admin’s force stop raises the epoch, makes the kill due and holds the start', async (t) => {
  const [user, admin] = [await app.user(), await app.user('admin')]
  await save(user)
  await ask(user, 'start')
  await db.insert(botRuns).values(runRow(user.id))
  await db.update(bots).set({ epoch: 1 }).where(eq(bots.tenantId, user.id))
  const stop = await call('POST', `/v1/admin/bots/${user.id}/stop`, {
    as: admin,
    body: { mode: 'force', reason: 'wild', hold: true },
  })
  t.match(
    [stop.statusCode, stop.json()],
    [202, { status: 'stopping', desired: 'stopped', hold: 'admin', generation: 2 }],
  )
  t.match(await bot(user), { epoch: 2, desiredState: 'stopped', hold: 'admin', holdReason: 'wild' })
  const [row] = await db.select().from(botRuns).where(eq(botRuns.tenantId, user.id))
  t.match(row, { stopMode: 'force', stoppedBy: 'admin', stopReason: 'wild', stopRequestedAt: Date, stopDeadline: Date })
  t.equal(verdict(await ask(user, 'start')), '409 held')
  t.equal(verdict(await ask(user, 'restart')), '409 held')
  t.equal(verdict(await byHand(user)), '409 held')
  t.match(await audited(user, 'admin.bot.stop'), [
    { actorId: admin.id, address: '127.0.0.1', fields: { mode: 'force', hold: true } },
  ])
  t.equal(verdict(await call('POST', `/v1/admin/bots/${user.id}/release`, { as: admin })), '202')
  t.equal(verdict(await ask(user, 'start')), '202')
  t.match(await bot(user), { epoch: 2, hold: null, generation: 3 })
})

t.test('a start that races a force stop with hold never comes after it', async (t) => {
  const admin = await app.user('admin')
  for (let round = 0; round < 10; round++) {
    const user = await app.user()
    await save(user)
    const force = { as: admin, body: { mode: 'force', reason: 'r', hold: true } }
    const [start] = await Promise.all([ask(user, 'start'), call('POST', `/v1/admin/bots/${user.id}/stop`, force)])
    t.ok(['202', '409 held'].includes(verdict(start)))
    t.match(await bot(user), { desiredState: 'stopped', hold: 'admin', epoch: 1 })
  }
})

t.test('a crash loop is the user’s to clear, a graceful admin stop is the admin’s', async (t) => {
  const [user, admin] = [await app.user(), await app.user('admin')]
  await save(user)
  await db.update(bots).set({ hold: 'crash-loop', desiredState: 'running' }).where(eq(bots.tenantId, user.id))
  t.match((await ask(user, 'start')).json(), { hold: null, status: 'starting' })
  t.ok((await bot(user)).crashesForgivenAt)
  await db.insert(botRuns).values(runRow(user.id))
  await call('POST', `/v1/admin/bots/${user.id}/stop`, {
    as: admin,
    body: { mode: 'graceful', reason: 'upkeep', hold: false },
  })
  const [row] = await db.select().from(botRuns).where(eq(botRuns.tenantId, user.id))
  t.match(row, { stoppedBy: 'admin', stopReason: 'upkeep', stopMode: null }, 'the orchestrator does the rest')
  t.match(await bot(user), { epoch: 0, desiredState: 'stopped', hold: null })
})

t.test('a trade by hand goes through the same limits and the same fence', async (t) => {
  const user = await app.user()
  const placed = (over = {}, headers = {}) => byHand(user, over, headers)
  t.equal(verdict(await placed()), '422 config-missing')
  await save(user)
  const key = { 'idempotency-key': 'one' }
  const answers = await Promise.all(Array.from({ length: 20 }, () => placed({}, key)))
  t.equal(new Set(answers.map(({ body }) => body)).size, 1)
  t.match(answers[0]?.json(), { id: String, status: 'pending' })
  const rows = await db
    .select()
    .from(orders)
    .innerJoin(trades, eq(trades.id, orders.tradeId))
    .where(eq(orders.tenantId, user.id))
  t.match(rows, [
    {
      orders: { purpose: 'manual', status: 'pending' },
      trades: { source: 'replay', durationMs: 300_000, marketDay: '2024-12-02', strategyId: null },
    },
  ])
  t.equal(verdict(await placed({ stake: '6' })), '422 plan-limit')
  t.equal(verdict(await placed({ stake: '0.001' })), '400 invalid-request')
  t.equal(verdict(await placed({ symbol: 'NOPE' })), '422 not-available')
  t.equal(verdict(await placed({ brokerAccountId: randomUUID() })), '404 not-found')
  const many = await Promise.all(Array.from({ length: 20 }, () => placed({ stake: '0.10' })))
  t.equal(
    many.filter(({ statusCode }) => statusCode === 202).length,
    9,
    'ten a day on this plan, however many ask at once',
  )
  await db.update(bots).set({ hold: 'admin' }).where(eq(bots.tenantId, user.id))
  t.equal(verdict(await placed()), '409 held')
  t.match((await call('GET', '/v1/positions', { as: user })).json<{ items: object[] }>().items.length, 10)
})
