import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokerAccounts, candles, decisions, ensureDays, metricRows, runEvents, signals, trades } from '@sath/db'
import t from 'tap'
import { setup, type TestUser, verdict } from './app.fixture.js'

const app = await setup(t)
const { db, call } = app
const start = Date.UTC(2024, 11, 2)
const minute = 60_000
const at = (minutes: number) => new Date(start + minutes * minute)
await ensureDays(db, 'signals', [start])
await ensureDays(db, 'decisions', [start])
await ensureDays(db, 'candles', [start])

interface Page {
  items: Record<string, unknown>[]
  nextCursor: string | null
}
const get = (as: TestUser, path: string) => call('GET', `/v1${path}`, { as })

/** Follows the cursors to the end; a page too many would never end. */
async function all(as: TestUser, path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const separator = path.includes('?') ? '&' : '?'
    const page: Page = (await get(as, `${path}${cursor ? `${separator}cursor=${cursor}` : ''}`)).json<Page>()
    items.push(...page.items)
    cursor = page.nextCursor
  }
  return items
}

const trade = (tenantId: string, n: number, over: Partial<typeof trades.$inferInsert> = {}) => ({
  tenantId,
  strategyId: randomUUID(),
  symbol: 'BTCUSDT',
  source: 'replay',
  account: 'paper',
  instrument: 'binary' as const,
  direction: 'call' as const,
  stake: '1',
  currency: 'USD',
  payout: '0.85',
  signalTime: at(n),
  marketDay: '2024-12-02',
  // Many of one moment: the cursor must not lose any of them.
  createdAt: at(Math.floor(n / 5)),
  ...over,
})
const closed = (profit: string, n: number) => ({
  status: profit === '0' ? ('tie' as const) : profit.startsWith('-') ? ('loss' as const) : ('win' as const),
  profit,
  entryPrice: '100',
  exitPrice: '101',
  closedAt: at(n),
})

t.test('trades come newest first, each once, filtered, and nobody else’s', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  await db
    .insert(trades)
    .values(Array.from({ length: 23 }, (_, n) => trade(user.id, n, n % 2 ? closed('0.85', n) : {})))
  await db.insert(trades).values(trade(other.id, 1, { symbol: 'ETHUSDT' }))
  const items = await all(user, '/trades?limit=4')
  t.equal(new Set(items.map(({ id }) => id)).size, 23)
  const times = items.map(({ createdAt }) => String(createdAt))
  t.same(times, [...times].sort().reverse())
  t.match(
    items.find(({ status }) => status === 'win'),
    { stake: '1', profit: '0.85', payout: '0.85', currency: 'USD', entryPrice: '100' },
  )
  t.equal((await all(user, '/trades?status=win')).length, 11)
  t.equal((await all(user, `/trades?from=${at(5).toISOString()}&to=${at(9).getTime()}`)).length, 5)
  t.equal((await all(user, '/positions')).length, 12)
  t.equal((await all(user, '/trades?symbol=ETHUSDT')).length, 0)
  t.equal((await all(other, '/trades')).length, 1)
  const { nextCursor } = (await get(user, '/trades?limit=1')).json<Page>()
  t.equal(
    (await get(other, `/trades?cursor=${nextCursor}`)).json<Page>().items.every(({ symbol }) => symbol === 'ETHUSDT'),
    true,
    'a cursor opens nothing',
  )
  for (const bad of [
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=x',
    'cursor=W10',
    'from=yesterday',
    'from=0000-01-01T00:00:00Z',
    'status=none',
    'strategyId=1',
    'extra=1',
    'limit=1&limit=2',
  ])
    t.equal(verdict(await get(user, `/trades?${bad}`)), '400 invalid-request', bad)
})

t.test('signals, decisions and events', async (t) => {
  const user = await app.user()
  const strategyId = randomUUID()
  const slot = { tenantId: user.id, strategyId, symbol: 'BTCUSDT', configVersion: 1 }
  await db.insert(signals).values(
    [0, 5, 10].map((n) => ({
      ...slot,
      timeframe: 'M5',
      time: at(n),
      direction: 'put' as const,
      confidence: 0.7,
      reason: 'rsi 80',
    })),
  )
  await db.insert(decisions).values([
    { ...slot, fromTime: at(0), toTime: at(20), candles: 5, outcome: 'no-signal', reason: '' },
    { ...slot, fromTime: at(25), toTime: at(25), outcome: 'traded', reason: 'rsi', tradeId: randomUUID() },
  ])
  t.match(await all(user, '/signals?limit=2'), [
    { time: at(10).toISOString(), timeframe: 'M5', direction: 'put' },
    {},
    {},
  ])
  t.match(await all(user, '/decisions?limit=1'), [
    { outcome: 'traded', candles: 1, tradeId: String },
    { outcome: 'no-signal', candles: 5, from: at(0).toISOString(), to: at(20).toISOString() },
  ])
  t.equal(
    (await all(user, `/decisions?from=${at(10).toISOString()}&to=${at(12).toISOString()}`)).length,
    1,
    'a range belongs where any of its candles is',
  )
  await db
    .insert(runEvents)
    .values({ tenantId: user.id, type: 'started', message: 'the bot started', fields: { epoch: 1 } })
  t.match(await all(user, '/bot/events'), [{ type: 'started', message: 'the bot started', fields: { epoch: 1 } }])
  const other = await app.user()
  for (const path of ['/signals', '/decisions', '/bot/events']) t.same(await all(other, path), [])
})

t.test('candles of any length are made of the stored minutes', async (t) => {
  const user = await app.user()
  await db.insert(candles).values(
    Array.from({ length: 12 }, (_, n) => ({
      source: 'replay',
      symbol: 'BTCUSDT',
      timeframe: 'M1',
      time: at(n),
      open: n,
      high: n + 2,
      low: n - 1,
      close: n + 1,
      volume: 2,
    })),
  )
  const minutes = await all(user, '/candles?symbol=BTCUSDT&limit=5')
  t.same(
    minutes.map(({ time }) => time),
    Array.from({ length: 12 }, (_, n) => at(11 - n).getTime()),
  )
  const fives = await all(user, '/candles?symbol=BTCUSDT&timeframe=M5&limit=1')
  t.same(fives, [
    { time: at(10).getTime(), open: '10', high: '13', low: '9', close: '12', volume: '4', closed: false },
    { time: at(5).getTime(), open: '5', high: '11', low: '4', close: '10', volume: '10', closed: true },
    { time: at(0).getTime(), open: '0', high: '6', low: '-1', close: '5', volume: '10', closed: true },
  ])
  t.equal((await get(user, '/candles?symbol=BTCUSDT&source=else')).json<Page>().items.length, 0)
  const range = await all(
    user,
    `/candles?symbol=BTCUSDT&timeframe=M5&from=${at(6).toISOString()}&to=${at(9).toISOString()}`,
  )
  t.match(range, [{ time: at(5).getTime(), open: '5', high: '11' }], 'a bar is whole or not there')
  t.match((await get(user, '/symbols')).json(), {
    items: [{ symbol: 'BTCUSDT', source: 'replay', synthetic: false, lastCandleAt: at(11).toISOString() }],
  })
  const strategies = (await get(user, '/strategies')).json<{
    items: { id: string; params: object; timeframe?: string }[]
  }>().items
  t.ok(strategies.some(({ id, params }) => id === 'rsi-reversal' && 'properties' in params))
  t.same(
    strategies.flatMap(({ id, timeframe }) => (timeframe ? [[id, timeframe]] : [])),
    [['mhi-1', 'M1']],
    'rules of one timeframe say so',
  )
})

t.test('performance is computed from what was closed', async (t) => {
  const user = await app.user()
  t.match((await get(user, '/performance')).json(), { trades: 0, profit: '0', winRate: null, sharpe: null, from: null })
  await db
    .insert(brokerAccounts)
    .values({ tenantId: user.id, account: 'paper', currency: 'USD', startBalance: '100', balance: '100' })
  const profits = ['0.85', '0.85', '-1', '-1', '-1', '0', '0.85', '-1']
  await db.insert(trades).values(profits.map((profit, n) => trade(user.id, n, closed(profit, n))))
  await db
    .insert(trades)
    .values([trade(user.id, 90), trade(user.id, 91, { ...closed('5', 91), account: randomUUID() })])
  t.match((await get(user, '/performance')).json(), {
    account: 'paper',
    currency: 'USD',
    trades: 8,
    wins: 3,
    losses: 4,
    ties: 1,
    staked: '8',
    profit: '-1.45',
    grossProfit: '2.55',
    grossLoss: '4',
    winRate: 3 / 7,
    profitFactor: 2.55 / 4,
    // Highest 101.70 after the second, lowest 98.55 at the end.
    maxDrawdown: '3.15',
    maxDrawdownRate: 3.15 / 101.7,
    longestWinStreak: 2,
    longestLossStreak: 3,
    currentStreak: -1,
  })
  const mean = -1.45 / 8
  const deviation = Math.sqrt(profits.reduce((sum, profit) => sum + (Number(profit) - mean) ** 2, 0) / 7)
  t.ok(Math.abs((await get(user, '/performance')).json<{ sharpe: number }>().sharpe - mean / deviation) < 1e-9)
  await db.insert(trades).values(trade(user.id, 1, closed('0.85', 3 * 1440)))
  t.match((await get(user, '/performance?period=day')).json(), { trades: 1, profit: '0.85' }, 'of market time')
  t.match((await get(user, '/performance?period=week')).json(), { trades: 9 })
})

t.test('metrics are the caller’s own', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  const now = Date.now()
  await metricRows(db).insert(
    [0, 1, 2].map((n) => ({ tenantId: user.id, name: 'loop-lag', unit: 'ms', time: now - n * 1000, value: n })),
  )
  t.match((await get(user, '/metrics')).json(), {
    series: [{ name: 'loop-lag', unit: 'ms', points: [[Number, Number]] }],
  })
  t.same((await get(user, '/metrics?names=other,more')).json(), { series: [] })
  t.same((await get(other, '/metrics')).json(), { series: [] })
  t.equal(verdict(await get(user, '/metrics?from=2024-01-02&to=2024-01-01')), '400 invalid-request')
  t.equal(
    verdict(await get(user, '/metrics?from=1970-01-01&step=1')),
    '200',
    'a narrow step over all times is made wider',
  )
})

t.test('logs put aside for their size are read on, also when that happens between two pages', async (t) => {
  const user = await app.user()
  const folder = join(app.tenantsDir, user.id, 'logs')
  mkdirSync(folder, { recursive: true })
  const write = (name: string, ...lines: number[]) =>
    writeFileSync(
      join(folder, name),
      lines.map((n) => `${JSON.stringify({ time: at(n), level: 'info', message: String(n), fields: {} })}\n`).join(''),
    )
  write('2024-12-02.001.jsonl', 0, 1, 2)
  write('2024-12-02.002.jsonl', 3, 4, 5)
  write('2024-12-02.jsonl', 6, 7, 8)
  const read = async (cursor = '') => {
    const { items, nextCursor } = (await get(user, `/logs?limit=2${cursor && `&cursor=${cursor}`}`)).json()
    return { nextCursor, messages: items.map(({ message }: { message: string }) => message) }
  }
  const first = await read()
  t.same(first.messages, ['8', '7'])
  renameSync(join(folder, '2024-12-02.jsonl'), join(folder, '2024-12-02.003.jsonl'))
  write('2024-12-02.jsonl', 9, 10)
  const second = await read(first.nextCursor)
  t.same(second.messages, ['6', '5'])
  const rest: string[] = []
  for (let page = await read(second.nextCursor); ; page = await read(page.nextCursor)) {
    rest.push(...page.messages)
    if (!page.nextCursor) break
  }
  t.same(rest, ['4', '3', '2', '1', '0'])
})

t.test('logs are read backwards over the days, filtered, and only the caller’s', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  const folder = join(app.tenantsDir, user.id, 'logs')
  mkdirSync(folder, { recursive: true })
  const line = (time: Date, level: string, message: string) =>
    `${JSON.stringify({ time, level, message, fields: { a: 1 }, stream: level === 'warn' ? 'stderr' : 'stdout' })}\n`
  const many = Array.from({ length: 3000 }, (_, n) =>
    line(new Date(start + n), n % 100 ? 'info' : 'error', `line ${n} ${'ü'.repeat(40)}`),
  )
  writeFileSync(join(folder, '2024-12-02.jsonl'), many.join(''))
  writeFileSync(join(folder, '2024-12-03.jsonl'), line(at(1440), 'warn', 'next day'))
  appendFileSync(
    join(folder, '2024-12-03.jsonl'),
    'not json\n{"time":"never","message":"x"}\n\n{"time":"2024-12-03T01:00:00Z","level":"info","mess',
  )
  writeFileSync(join(folder, 'notes.txt'), 'x')
  const items = await all(user, '/logs?limit=100')
  t.equal(items.length, 3001)
  t.match(items.slice(0, 2), [
    { message: 'next day', level: 'warn', fields: { a: 1, stream: 'stderr' } },
    { message: /^line 2999 ü+$/, fields: { a: 1, stream: undefined } },
  ])
  t.match(items.at(-1), { message: /^line 0 / })
  t.equal(new Set(items.map(({ message }) => message)).size, 3001)
  t.equal((await all(user, '/logs?level=error&limit=7')).length, 30)
  t.equal((await all(user, `/logs?from=${new Date(start + 2990).toISOString()}`)).length, 11)
  t.same(await all(other, '/logs'), [])
  t.equal(
    verdict(await get(user, '/logs?cursor=Li4vLi4vZXRjL3Bhc3N3ZCAx')),
    '400 invalid-request',
    'a cursor names a day, not a path',
  )
})
