import { randomUUID } from 'node:crypto'
import { candles, decisions, ensureDays, metricRows, runEvents, signals } from '@sath/db'
import t from 'tap'
import { verdict } from './app.fixture.js'
import { at, historySetup, type Page, start } from './history.fixture.js'

const app = await historySetup(t)
const { db, get, all } = app
await ensureDays(db, 'signals', [start])
await ensureDays(db, 'decisions', [start])
await ensureDays(db, 'candles', [start])

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
