import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { commitDecisions, type DecisionWrite, loadCheckpoints, prolongs } from './decision-repository.js'
import { ensureDays } from './partitions.js'
import { bots, decisions, signals, strategyCheckpoints, users } from './schema/index.js'
import { openTestDatabase } from './testing.js'

const start = Date.UTC(2024, 11, 2)
const minute = 60_000
const dayMs = 86_400_000

t.test('decisions become ranges, checkpoints and signals, once', async (t) => {
  const { db } = await openTestDatabase(t)
  for (const table of ['decisions', 'signals'] as const) await ensureDays(db, table, [start, start + dayMs])
  const [tenantId, other, strategyId] = [randomUUID(), randomUUID(), randomUUID()]
  for (const id of [tenantId, other]) {
    await db.insert(users).values({ id, email: `${id}@example.com`, passwordHash: 'x' })
    await db.insert(bots).values({ tenantId: id, epoch: 1 })
  }
  const decision = (changes: Partial<DecisionWrite> = {}): DecisionWrite => ({
    tenantId,
    epoch: 1,
    strategyId,
    symbol: 'BTCUSDT',
    timeframe: 'M1',
    candleTime: start,
    configVersion: 1,
    outcome: 'no-signal',
    reason: '',
    tradeId: null,
    signal: null,
    state: '{"z":0.1,"a":1e-7}',
    prolongs: undefined,
    ...changes,
  })
  const range = { fromTime: start, toTime: start }
  const signal = { id: randomUUID(), direction: 'call' as const, confidence: 0.5, reason: 'r' }

  t.equal((await commitDecisions(db, [decision(), decision({ tenantId: other })])).size, 2, 'of several bots at once')
  t.equal((await commitDecisions(db, [decision({ candleTime: start + minute, prolongs: range })])).size, 1)
  t.equal((await commitDecisions(db, [decision({ candleTime: start + minute, prolongs: range })])).size, 1, 'again')
  t.equal((await commitDecisions(db, [decision({ candleTime: start + 2 * minute, signal, outcome: 'held' })])).size, 1)
  t.equal(
    (await commitDecisions(db, [decision({ candleTime: start + 3 * minute, epoch: 2 })])).size,
    0,
    'another epoch',
  )
  const rows = await db.select().from(decisions).where(eq(decisions.tenantId, tenantId)).orderBy(decisions.fromTime)
  t.same(
    rows.map(({ fromTime, toTime, candles, outcome }) => [
      fromTime.getTime() - start,
      toTime.getTime() - start,
      candles,
      outcome,
    ]),
    [
      [0, minute, 2, 'no-signal'],
      [2 * minute, 2 * minute, 1, 'held'],
    ],
  )
  t.equal((await db.select().from(signals)).length, 1)
  const raw = await db.execute<{ state: string }>(
    `select state::text from strategy_checkpoints where tenant_id = '${tenantId}'`,
  )
  t.equal(raw[0]?.state, '{"z":0.1,"a":1e-7}', 'the state comes back as it went in')
  const [checkpoint] = await loadCheckpoints(db, tenantId)
  t.match(checkpoint, { candleTime: start + 2 * minute, range: { fromTime: start + 2 * minute, outcome: 'held' } })
  t.same(await loadCheckpoints(db, randomUUID()), [])
  t.equal((await db.select().from(strategyCheckpoints)).length, 2)
})

t.test('only more of the same on the same market day prolongs a range', async (t) => {
  const range = {
    fromTime: start,
    toTime: start + minute,
    outcome: 'no-signal',
    reason: 'x',
    configVersion: 1,
  } as const
  const next = {
    candleTime: start + 2 * minute,
    outcome: 'no-signal',
    reason: 'x',
    configVersion: 1,
    signal: null,
    tradeId: null,
  } as DecisionWrite
  t.ok(prolongs(range, next))
  t.notOk(prolongs(undefined, next))
  t.notOk(prolongs(range, { ...next, outcome: 'warm-up' }))
  t.notOk(prolongs(range, { ...next, reason: 'y' }))
  t.notOk(prolongs(range, { ...next, configVersion: 2 }))
  t.notOk(prolongs(range, { ...next, signal: { id: '', direction: 'call', confidence: 1, reason: '' } }))
  t.notOk(prolongs(range, { ...next, candleTime: start + dayMs }))
  t.notOk(prolongs(range, { ...next, candleTime: start }))
})
