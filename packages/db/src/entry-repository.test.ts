import { randomUUID } from 'node:crypto'
import type { BotConfig } from '@sath/core'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import type { DecisionWrite } from './decision-repository.js'
import { commitEntry, type EntryResult, type EntryWish } from './entry-repository.js'
import { ensureDays } from './partitions.js'
import { botConfigs, botRuns, bots, decisions, orders, strategyCheckpoints, trades, users } from './schema/index.js'
import { openTestDatabase } from './testing.js'

type Test = { readonly teardown: (fn: () => unknown) => void }
const day = Date.UTC(2024, 11, 2)

async function setup(test: Test) {
  const { db } = await openTestDatabase(test)
  await ensureDays(db, 'decisions', [day])
  await ensureDays(db, 'signals', [day])
  const [tenantId, runId, strategyId] = [randomUUID(), randomUUID(), randomUUID()]
  const strategy = {
    id: strategyId,
    enabled: true,
    symbols: Array.from({ length: 40 }, (_, n) => `S${n}`),
    timeframe: 'M1',
  }
  const config = {
    mode: 'paper',
    onStop: 'close',
    capital: '1000',
    risk: {},
    strategies: [strategy],
  } as unknown as BotConfig
  await db.insert(users).values({ id: tenantId, email: `${tenantId}@example.com`, passwordHash: 'x' })
  await db.insert(bots).values({ tenantId, desiredState: 'running', epoch: 1, configVersion: 1 })
  await db.insert(botConfigs).values({ tenantId, version: 1, config })
  await db.execute(
    sql`insert into subscriptions (tenant_id, plan_id, source) values (${tenantId}, 'enterprise', 'admin')`,
  )
  await db.insert(botRuns).values({
    id: runId,
    tenantId,
    epoch: 1,
    generation: 0,
    phase: 'running',
    node: 'n',
    engine: 'memory',
    memoryMiB: 128,
    cpu: 0.25,
  })
  const enter = (symbol: string, changes: Partial<EntryWish> = {}): Promise<EntryResult> => {
    const decision: DecisionWrite = {
      tenantId,
      epoch: 1,
      strategyId,
      symbol,
      timeframe: 'M1',
      candleTime: day,
      configVersion: 1,
      outcome: 'traded',
      reason: 'r',
      tradeId: null,
      signal: null,
      state: '{"b":1,"a":0.1}',
      prolongs: undefined,
    }
    const intentId = randomUUID()
    return commitEntry(db, decision, {
      tenantId,
      runId,
      epoch: 1,
      configVersion: 1,
      config,
      tradeId: randomUUID(),
      orderId: randomUUID(),
      intentId,
      clientOrderId: intentId,
      strategyId,
      symbol,
      source: 'replay',
      account: 'paper',
      instrument: 'binary',
      direction: 'call',
      stake: '1',
      currency: 'USD',
      payout: '0.85',
      level: 0,
      reason: 'r',
      confidence: 0.5,
      indicators: {},
      durationMs: 60_000,
      signalTime: day,
      decidedAt: day + 60_000,
      ...changes,
    })
  }
  return { db, tenantId, strategyId, config, enter }
}

t.test('an entry is decision, checkpoint, trade and order, or a decision that says why not', async (t) => {
  const { db, enter, tenantId } = await setup(t)
  t.same(await enter('S0'), { kind: 'entered' })
  t.match(await enter('S1', { stake: '2000' }), { kind: 'entered' }, 'the plan has no cap')
  await db.update(bots).set({ hold: 'admin' }).where(eq(bots.tenantId, tenantId))
  t.match(await enter('S2'), { kind: 'refused', outcome: 'held', fence: 'SF002' })
  const rows = await db.select().from(decisions).orderBy(decisions.symbol)
  t.same(
    rows.map(({ symbol, outcome, tradeId }) => [symbol, outcome, tradeId !== null]),
    [
      ['S0', 'traded', true],
      ['S1', 'traded', true],
      ['S2', 'held', false],
    ],
  )
  t.equal((await db.select().from(trades)).length, 2)
  t.equal((await db.select().from(strategyCheckpoints)).length, 3, 'the bot goes on from there either way')
  await db.update(bots).set({ hold: null, epoch: 2 }).where(eq(bots.tenantId, tenantId))
  t.same(await enter('S3'), { kind: 'ignored' }, 'an older epoch writes nothing at all')
  t.equal((await db.select().from(decisions)).length, 3)
})

t.test('the same entry again, because the first answer was lost, is one entry', async (t) => {
  const { db, enter } = await setup(t)
  const ids = { tradeId: randomUUID(), orderId: randomUUID(), intentId: randomUUID(), clientOrderId: 'c' }
  t.same(await enter('S0', ids), { kind: 'entered' })
  t.same(await enter('S0', ids), { kind: 'entered' }, 'ours: it must be sent')
  t.same(await enter('S0', { ...ids, tradeId: randomUUID(), orderId: randomUUID() }), { kind: 'ignored' }, 'not ours')
  t.equal((await db.select().from(orders)).length, 1)
})

t.test('never one too many, however many race: the limit, a lowered plan, a raised epoch', async (t) => {
  const { db, tenantId, config, enter } = await setup(t)
  const limited = { config: { ...config, risk: { maxTradesPerDay: 5 } } }
  const first = await Promise.all(Array.from({ length: 20 }, (_, n) => enter(`S${n}`, limited)))
  t.equal(first.filter(({ kind }) => kind === 'entered').length, 5)

  const lower = db.transaction(async (tx) => {
    await tx.select().from(bots).where(eq(bots.tenantId, tenantId)).for('update')
    await tx.execute(sql`update subscriptions set plan_id = 'free' where tenant_id = ${tenantId}`)
    await tx.execute(sql`select pg_sleep(0.05)`)
  })
  const second = Promise.all(Array.from({ length: 10 }, (_, n) => enter(`S${20 + n}`)))
  await lower
  t.ok((await second).filter(({ kind }) => kind === 'entered').length <= 5, 'the free plan allows ten a day in all')
  t.ok((await db.select().from(orders)).length <= 10)

  const before = (await db.select().from(orders)).length
  await db.execute(sql`update subscriptions set plan_id = 'enterprise' where tenant_id = ${tenantId}`)
  const revoke = db.transaction(async (tx) => {
    await tx.update(bots).set({ epoch: 2 }).where(eq(bots.tenantId, tenantId))
    await tx.execute(sql`select pg_sleep(0.05)`)
  })
  await db.execute(sql`select 1`)
  const third = await Promise.all([revoke, ...Array.from({ length: 10 }, (_, n) => enter(`S${30 + n}`))])
  const entered = third.filter((result) => result && 'kind' in result && result.kind === 'entered').length
  t.equal((await db.select().from(orders)).length, before + entered)
  t.same(await enter('S39'), { kind: 'ignored' })
})
