import { randomUUID } from 'node:crypto'
import { createReport } from '@sath/backtest'
import { candles, claimJob, editPlan, ensureDays, finishJob, grantPlan, jobs, maxOpenJobs } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { config, setup, strategy, type TestUser, verdict } from './app.fixture.js'
import { tidyUp } from './housekeeping.js'

const app = await setup(t)
const { db, call } = app
const start = Date.UTC(2024, 11, 2)
const day = 86_400_000
await ensureDays(db, 'candles', [start])
await db.insert(candles).values({
  source: 'replay',
  symbol: 'BTCUSDT',
  timeframe: 'M1',
  time: new Date(start),
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 1,
})

const post = (as: TestUser, path: string, body: unknown, headers = {}) =>
  call('POST', `/v1${path}`, { as, body, headers })
const get = (as: TestUser, path: string) => call('GET', `/v1${path}`, { as })
const remove = (as: TestUser, path: string) => call('DELETE', `/v1${path}`, { as })
const faults = (answer: Awaited<ReturnType<typeof call>>) =>
  answer.json<{ errors?: { path: string; message: string }[] }>().errors?.map(({ path }) => path)
const lone = { strategy: 'rsi-reversal', symbol: 'BTCUSDT' }
const odds = { plan: 'BE', capital: 3500, stake: 20, payout: '0.80', gales: 6, cycles: 60 }

/** What the worker would do. */
async function end(id: string, result: Record<string, unknown>, status: 'done' | 'failed' = 'done') {
  for (;;) {
    const job = await claimJob(db, { kinds: ['backtest', 'simulation'], owner: 'test', seconds: 60 })
    if (!job) throw new Error('nothing is waiting')
    await finishJob(db, job, { status: job.id === id ? status : 'failed', result: job.id === id ? result : {} })
    if (job.id === id) return
  }
}

t.test('a back-test is asked for, read and removed, by its owner only', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  const asked = await post(user, '/backtests', lone)
  t.equal(asked.statusCode, 202)
  const job = asked.json<{ id: string }>()
  t.match(job, {
    status: 'queued',
    progress: 0,
    report: null,
    error: null,
    request: {
      defaultSource: 'replay',
      from: null,
      to: new Date(start + 60_000).toISOString(),
      payout: '0.85',
      config: { capital: '1000.00', strategies: [{ strategy: 'rsi-reversal', symbols: ['BTCUSDT'], timeframe: 'M5' }] },
    },
  })
  t.equal((await get(user, '/backtests')).json<{ items: unknown[] }>().items.length, 1)
  const path = `/backtests/${job.id}`
  t.same((await get(other, '/backtests')).json(), { items: [], nextCursor: null })
  t.equal(verdict(await get(other, path)), '404 not-found')
  t.equal(verdict(await remove(other, path)), '404 not-found')
  t.equal(verdict(await get(user, `/simulations/${job.id}`)), '404 not-found', 'a back-test is no simulation')

  const equity = [{ time: start, equity: '1000.00' }]
  const report = createReport({ config: config(), defaultSource: 'replay', payout: '0.85', spread: '0' }).report()
  const stored = { ...report, equity, series: [{ source: 'replay', symbol: 'BTCUSDT' }], candles: 1 }
  await end(job.id, stored)
  t.match((await get(user, path)).json(), { status: 'done', progress: 1 })
  t.same((await get(user, path)).json<{ report: object }>().report, stored)
  const [listed] = (await get(user, '/backtests?status=done')).json<{ items: { report: object }[] }>().items
  const { equity: _, ...short } = stored
  t.same(listed?.report, short, 'a list goes without the long series')
  t.same((await get(user, '/backtests?status=queued')).json<{ items: [] }>().items, [])
  t.equal((await remove(user, path)).statusCode, 204)
  t.equal(verdict(await get(user, path)), '404 not-found')
})

t.test('DELETE cancels what waits or runs; a failure is said in words', async (t) => {
  const user = await app.user()
  const waiting = (await post(user, '/backtests', lone)).json<{ id: string }>().id
  t.equal((await remove(user, `/backtests/${waiting}`)).statusCode, 204)
  t.match((await get(user, `/backtests/${waiting}`)).json(), { status: 'cancelled', report: null, finishedAt: String })
  const failing = (await post(user, '/backtests', lone)).json<{ id: string }>().id
  await end(failing, { error: 'No candles stored for BTCUSDT.' }, 'failed')
  t.match((await get(user, `/backtests/${failing}`)).json(), { error: 'No candles stored for BTCUSDT.', report: null })
  const audited = (await call('GET', `/v1/admin/audit?actor=${user.id}`, { as: await app.user('superadmin') })).json<{
    items: { action: string }[]
  }>()
  t.same(
    audited.items.map(({ action }) => action),
    ['backtest.request', 'backtest.cancel', 'backtest.request'],
  )
})

t.test('the same key is the same job, and requests at once do not pass the bound', async (t) => {
  const user = await app.user()
  const keyed = () => post(user, '/backtests', lone, { 'idempotency-key': 'k1' })
  const same = await Promise.all([keyed(), keyed(), keyed()])
  t.equal(new Set(same.map((answer) => answer.json<{ id: string }>().id)).size, 1)
  t.equal(verdict(await post(user, '/backtests', odds, { 'idempotency-key': 'k1' })), '400 invalid-request')
  const others = { ...lone, timeframe: 'M1' }
  t.equal(verdict(await post(user, '/backtests', others, { 'idempotency-key': 'k1' })), '409 idempotency-conflict')
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      n % 2 ? post(user, '/backtests', lone) : post(user, '/simulations', { ...odds, winRate: 0.8 }),
    ),
  )
  const refused = answers.filter(({ statusCode }) => statusCode !== 202)
  t.equal(answers.length - refused.length, maxOpenJobs - 1)
  for (const answer of refused) t.equal(verdict(answer), '429 rate-limited')
  t.ok(refused[0]?.headers['retry-after'])
  t.equal(await db.$count(jobs, eq(jobs.tenantId, user.id)), maxOpenJobs)
})

t.test('what a back-test runs is the given configuration, the saved one, or one strategy', async (t) => {
  const user = await app.user()
  t.equal(verdict(await post(user, '/backtests', {})), '422 config-missing')
  await call('PUT', '/v1/bot/config', { as: user, body: { version: 0, config: config() } })
  const saved = (await post(user, '/backtests', {})).json()
  t.match(saved, { request: { maxStake: '5', config: { mode: 'paper', capital: '100.00' } } })
  const given = config({ mode: 'live', strategies: [strategy({ symbols: ['ETHUSDT'] })] })
  t.match((await post(user, '/backtests', { config: given })).json(), {
    request: { config: { mode: 'paper', strategies: [{ symbols: ['ETHUSDT'] }] } },
  })
  t.match((await post(user, '/backtests', { ...lone, strategy: 'mhi-1' })).json(), {
    request: { config: { strategies: [{ timeframe: 'M1' }] } },
  })
  const bold = { ...lone, stake: 500, capital: '100000', martingale: { plan: 'target', maxLevel: 3 } }
  t.match((await post(user, '/backtests', bold)).json(), {
    request: {
      maxStake: null,
      config: { strategies: [{ stake: '500', martingale: { plan: 'target', maxLevel: 3 } }] },
    },
  })
})

t.test('a request that cannot run is refused by field', async (t) => {
  const user = await app.user()
  const refusals: readonly (readonly [object, string, readonly string[]])[] = [
    [{ strategy: 'rsi-reversal' }, '400 invalid-request', ['symbol']],
    [{ symbol: 'BTCUSDT', stake: '5' }, '400 invalid-request', ['symbol', 'stake']],
    [{ ...lone, symbols: ['BTCUSDT'] }, '400 invalid-request', ['symbols']],
    [{ ...lone, config: config() }, '400 invalid-request', ['strategy']],
    [{ config: config(), symbol: 'BTCUSDT' }, '400 invalid-request', ['symbol']],
    [{ ...lone, strategy: 'none' }, '400 invalid-request', ['strategy']],
    [{ ...lone, params: { period: 1e6 } }, '400 invalid-request', ['params.period']],
    [{ ...lone, timeframe: 'M15', confirmTimeframe: 'M5' }, '400 invalid-request', ['confirmTimeframe']],
    [{ ...lone, from: '2024-12-02', to: '2024-12-02' }, '400 invalid-request', ['from']],
    [
      { ...lone, params: { period: 1e6 }, from: '2024-12-02', to: '2024-12-01' },
      '400 invalid-request',
      ['params.period', 'from'],
    ],
    [{ ...lone, payout: 0 }, '400 invalid-request', ['payout']],
    [{ ...lone, unknown: 1 }, '400 invalid-request', ['unknown']],
    [{ config: config({ strategies: [] }) }, '400 invalid-request', ['config.strategies']],
    [
      { config: config({ strategies: [strategy({ strategy: 'no' })] }) },
      '400 invalid-request',
      ['config.strategies.0.strategy'],
    ],
    [{ ...lone, confirmTimeframe: 'M15' }, '422 plan-limit', ['confirmTimeframe']],
    [{ ...lone, capital: 10, stake: 20 }, '422 plan-limit', ['stake']],
    [{ config: config({ capital: '1000' }) }, '422 plan-limit', ['config.capital']],
  ]
  for (const [body, answer, paths] of refusals) {
    const refused = await post(user, '/backtests', body)
    t.equal(verdict(refused), answer, JSON.stringify(body))
    t.same(faults(refused), paths, JSON.stringify(body))
  }
  t.equal(await db.$count(jobs, eq(jobs.tenantId, user.id)), 0)
})

t.test('the plan bounds the window', async (t) => {
  const user = await app.user()
  const window = (days: number) => ({ ...lone, from: new Date(start).toISOString(), to: start + days * day })
  t.equal((await post(user, '/backtests', window(7))).statusCode, 202)
  const refused = await post(user, '/backtests', window(7.5))
  t.equal(verdict(refused), '422 plan-limit')
  t.match(refused.json(), { errors: [{ path: 'from', message: /^historyDays: 8 days are more than the plan's 7/ }] })
  t.equal(verdict(await post(user, '/backtests', { ...lone, from: '2024-11-01' })), '422 plan-limit', 'to the newest')
  await grantPlan(db, user.id, { planId: 'enterprise' })
  t.equal((await post(user, '/backtests', window(5000))).statusCode, 202)
  await grantPlan(db, user.id, { planId: 'basic' })
  await editPlan(db, 'basic', { backtesting: false })
  t.match((await post(user, '/backtests', lone)).json(), { code: 'plan-limit', errors: [{ message: /^backtesting/ }] })
  const measured = { ...odds, strategy: 'rsi-reversal', symbol: 'BTCUSDT' }
  t.equal(verdict(await post(user, '/simulations', measured)), '422 plan-limit')
  t.equal((await post(user, '/simulations', { ...odds, winRate: 0.5 })).statusCode, 202, 'odds need no history')
})

t.test('a simulation says where its win rate is from', async (t) => {
  const user = await app.user()
  t.match((await post(user, '/simulations', { ...odds, winRate: '0.8' })).json(), {
    request: {
      odds: { plan: 'BE', payout: 0.8, maxGales: 6, scenarios: 10_000, seed: Number },
      winRate: { origin: 'given', value: 0.8 },
      exact: false,
    },
  })
  const [classic] = (await get(user, '/simulations/presets')).json<{ items: { id: string }[] }>().items
  const preset = (await post(user, '/simulations', { preset: classic?.id, trades: 10, exact: true })).json()
  t.match(preset, {
    request: { exact: true, odds: { capital: 3500, trades: 10 }, winRate: { origin: 'preset', value: 0.8 } },
  })
  t.notOk('cycles' in preset.request.odds, 'one length takes the place of the other')
  const measured = { ...odds, ...lone, timeframe: 'M15' }
  const asked = (await post(user, '/simulations', measured)).json()
  t.match(asked, {
    request: {
      winRate: {
        origin: 'measured',
        backtest: { config: { strategies: [{ timeframe: 'M15', symbols: ['BTCUSDT'] }] } },
      },
    },
  })
  t.notOk('tieRate' in asked.request.odds, 'ties are measured with it')
  const tied = await post(user, '/simulations', { ...measured, tieRate: 0.1 })
  t.equal(
    tied.json<{ request: { odds: { tieRate: number } } }>().request.odds.tieRate,
    0.1,
    'unless the request says how many',
  )
  const refusals: readonly (readonly [object, readonly string[]])[] = [
    [odds, ['winRate']],
    [{ ...odds, winRate: 0.8, symbol: 'BTCUSDT' }, ['symbol']],
    [{ ...odds, ...lone, winRate: 0.8 }, ['winRate']],
    [{ ...odds, strategy: 'rsi-reversal' }, ['symbol']],
    [{ ...odds, winRate: 1.1 }, ['winRate']],
    [{ ...odds, winRate: 0.8, tieRate: 0.5 }, ['tieRate']],
    [{ ...odds, winRate: 0.8, trades: 5 }, ['trades']],
    [{ winRate: 0.8 }, ['plan', 'capital', 'stake', 'maxGales']],
    [{ preset: 'none' }, ['preset']],
  ]
  for (const [body, paths] of refusals) {
    const refused = await post(user, '/simulations', body)
    t.equal(verdict(refused), '400 invalid-request', JSON.stringify(body))
    for (const path of paths)
      t.ok(faults(refused)?.includes(path === 'maxGales' ? 'gales' : path), `${path} of ${JSON.stringify(body)}`)
  }
})

t.test('a field says what it must be, the same whoever finds out first', async (t) => {
  const user = await app.user()
  const instant = 'must be an ISO 8601 time, a date or epoch ms, from 1970 to 9999'
  const wrong: readonly (readonly [string, object, string])[] = [
    ['capital', { capital: -1 }, 'must be a number from 0.01 to 1000000000'],
    ['capital', { capital: 0 }, 'must be a number from 0.01 to 1000000000'],
    ['tieRate', { tieRate: 0.95 }, 'must be a number from 0 to 0.9'],
    ['takeProfit', { takeProfit: 0 }, 'must be a number from 0.01 to 1000000000000'],
    ['stopLoss', { stopLoss: 2e9 }, 'must be a number from 0 to 1000000000'],
    ['maxStake', { maxStake: 0 }, 'must be a number from 0.01 to 1000000000'],
    ['from', { from: 1.5 }, instant],
    ['to', { to: {} }, instant],
  ]
  for (const [path, fields, message] of wrong) {
    const { errors } = (await post(user, '/simulations', { ...odds, winRate: 0.8, ...fields })).json()
    t.same(errors, [{ path, message }], JSON.stringify(fields))
  }
})

t.test('presets: eight for everybody, and one’s own', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  const builtIn = (await get(user, '/presets')).json<{ items: { id: string; builtIn: boolean }[] }>().items
  t.equal(builtIn.length, 8)
  const mine = { name: ' Mine ', strategy: 'rsi-reversal', params: {}, timeframe: 'M5' }
  const saved = await post(user, '/presets', mine, { 'idempotency-key': 'p' })
  t.equal(saved.statusCode, 201)
  const { id } = saved.json<{ id: string }>()
  t.equal((await post(user, '/presets', mine, { 'idempotency-key': 'p' })).json<{ id: string }>().id, id)
  t.match(saved.json(), { name: 'Mine', builtIn: false, summary: '', createdAt: String })
  t.match((await get(user, '/presets')).json<{ items: object[] }>().items.at(-1), { id, name: 'Mine' })
  t.equal((await get(other, '/presets')).json<{ items: object[] }>().items.length, 8)
  t.match((await post(user, '/presets', { ...mine, name: 'mine' })).json(), {
    code: 'invalid-request',
    errors: [{ path: 'name' }],
  })
  t.same(faults(await post(user, '/presets', { ...mine, params: { period: 'x' } })), ['params.period'])
  t.same(faults(await post(user, '/presets', { ...mine, strategy: 'x' })), ['strategy'])
  t.same(faults(await post(user, '/presets', { ...mine, strategy: 'mhi-1' })), ['timeframe'], 'it would never signal')
  const put = (as: TestUser, body: unknown) => call('PUT', `/v1/presets/${id}`, { as, body })
  t.match((await put(user, { ...mine, name: 'Other', summary: 'why' })).json(), { id, name: 'Other', summary: 'why' })
  t.equal(verdict(await put(other, mine)), '404 not-found')
  t.equal(verdict(await remove(other, `/presets/${id}`)), '404 not-found')
  t.equal(verdict(await remove(user, `/presets/${randomUUID()}`)), '404 not-found')
  t.equal((await remove(user, `/presets/${id}`)).statusCode, 204)
})

t.test('housekeeping forgets jobs of last month', async (t) => {
  const user = await app.user()
  const old = { tenantId: user.id, kind: 'backtest' as const, input: {}, status: 'done' as const }
  await db.insert(jobs).values({ ...old, finishedAt: new Date(Date.now() - 31 * day) })
  await tidyUp(db)
  t.equal(await db.$count(jobs, eq(jobs.tenantId, user.id)), 0)
})
