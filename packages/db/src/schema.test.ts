import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { openDatabase } from './client.js'
import { ensureDays } from './partitions.js'
import { botRuns, bots, candles, installation, orders, plans, trades, users } from './schema/index.js'
import { openTestDatabase } from './testing.js'

type Test = { readonly teardown: (fn: () => unknown) => void }

async function setup(test: Test) {
  const database = await openTestDatabase(test)
  const { db } = database
  const tenantId = randomUUID()
  await db.insert(users).values({ id: tenantId, email: `${tenantId}@example.com`, passwordHash: 'x' })
  await db.insert(bots).values({ tenantId, desiredState: 'running', epoch: 1 })
  const run = {
    id: randomUUID(),
    tenantId,
    epoch: 1,
    generation: 0,
    phase: 'running' as const,
    node: 'n',
    engine: 'memory',
    memoryMiB: 128,
    cpu: 0.25,
  }
  await db.insert(botRuns).values(run)
  const trade = () => ({
    id: randomUUID(),
    tenantId,
    symbol: 'BTCUSDT',
    source: 'replay',
    account: 'paper',
    instrument: 'binary' as const,
    direction: 'call' as const,
    stake: '1',
    currency: 'USD',
    payout: '0.85',
    signalTime: new Date(0),
    marketDay: '1970-01-01',
  })
  const order = (tradeId: string, over: Partial<typeof orders.$inferInsert> = {}) => ({
    tenantId,
    tradeId,
    runId: run.id,
    epoch: 1,
    purpose: 'entry' as const,
    intentId: randomUUID(),
    clientOrderId: randomUUID(),
    account: 'paper',
    symbol: 'BTCUSDT',
    direction: 'call' as const,
    amount: '1',
    currency: 'USD',
    sendBefore: new Date(Date.now() + 5000),
    ...over,
  })
  const enter = (over: Partial<typeof orders.$inferInsert> = {}) =>
    db.transaction(async (tx) => {
      const row = trade()
      await tx.insert(trades).values(row)
      await tx.insert(orders).values(order(row.id, over))
    })
  return { ...database, tenantId, run, enter }
}

/** The SQLSTATE of a query's rejection, or "accepted". */
async function verdict(query: Promise<unknown>): Promise<string> {
  try {
    await query
    return 'accepted'
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause ?? (error as { code?: string })
    return cause.code ?? String(error)
  }
}

t.test('the fence lets an entry in only for the current epoch, unheld and wanted', async (t) => {
  const { db, tenantId, enter, run } = await setup(t)
  const bot = eq(bots.tenantId, tenantId)
  t.equal(await verdict(enter()), 'accepted')
  t.equal(await verdict(enter({ epoch: 2 })), 'SF003', 'another epoch')
  t.equal(await verdict(enter({ purpose: 'exit', epoch: null, runId: null })), 'accepted', 'exits are exempt')
  for (const hold of ['admin', 'billing', 'credentials', 'crash-loop'] as const) {
    await db.update(bots).set({ hold }).where(bot)
    t.equal(await verdict(enter()), 'SF002', `entry under hold ${hold}`)
    t.equal(
      await verdict(enter({ purpose: 'manual', epoch: null, runId: null })),
      hold === 'crash-loop' ? 'accepted' : 'SF002',
      `manual under ${hold}`,
    )
    t.equal(await verdict(enter({ purpose: 'exit', epoch: null, runId: null })), 'accepted', `exit under ${hold}`)
  }
  await db.update(bots).set({ hold: null, desiredState: 'stopped' }).where(bot)
  t.equal(await verdict(enter()), 'SF004', 'a stopped bot')
  await db.update(bots).set({ desiredState: 'running' }).where(bot)
  await db.update(botRuns).set({ phase: 'stopping' }).where(eq(botRuns.id, run.id))
  t.equal(await verdict(enter()), 'SF005', 'a stopping run')
})

t.test('no new epoch enters while orders of an older one are unanswered', async (t) => {
  const { db, tenantId, run, enter } = await setup(t)
  await enter({ status: 'unknown' })
  await db.update(botRuns).set({ phase: 'exited', exitedAt: new Date() }).where(eq(botRuns.id, run.id))
  await db.update(bots).set({ epoch: 2 }).where(eq(bots.tenantId, tenantId))
  const next = { ...run, id: randomUUID(), epoch: 2 }
  await db.insert(botRuns).values(next)
  t.equal(await verdict(enter({ epoch: 2, runId: next.id })), 'SF006')
  await db.update(orders).set({ status: 'refused' }).where(eq(orders.tenantId, tenantId))
  t.equal(await verdict(enter({ epoch: 2, runId: next.id })), 'accepted')
})

t.test('an entry waits for an uncommitted revoke and then sees it', async (t) => {
  const { db, tenantId, enter } = await setup(t)
  let release = () => {}
  const mayCommit = new Promise<void>((resolve) => {
    release = resolve
  })
  let revoked = () => {}
  const hasWritten = new Promise<void>((resolve) => {
    revoked = resolve
  })
  const revoke = db.transaction(async (tx) => {
    await tx.update(bots).set({ epoch: 2 }).where(eq(bots.tenantId, tenantId))
    revoked()
    await mayCommit
  })
  await hasWritten
  const racing = Array.from({ length: 5 }, () => verdict(enter()))
  const waiting = async () =>
    (
      await db.execute(
        sql`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
    )[0]?.n
  while (Number(await waiting()) < 5);
  release()
  await revoke
  t.same(await Promise.all(racing), Array(5).fill('SF003'))
  t.equal((await db.select().from(orders)).length, 0)
})

t.test('invariants hold in the database', async (t) => {
  const { db, tenantId, run, enter } = await setup(t)
  t.equal(
    await verdict(db.insert(botRuns).values({ ...run, id: randomUUID(), epoch: 2 })),
    '23505',
    'one unfinished run per bot',
  )
  t.equal(
    await verdict(db.insert(botRuns).values({ ...run, id: randomUUID(), phase: 'exited', exitedAt: new Date() })),
    '23505',
    'one run per epoch',
  )
  const intentId = randomUUID()
  await enter({ intentId })
  t.equal(await verdict(enter({ intentId })), '23505', 'an intent is traded once')
  t.equal(await verdict(enter({ amount: '0' })), '23514', 'no order without an amount')
  t.equal(await verdict(enter({ currency: 'usd' })), '23514', 'a currency is a code')
  t.equal(
    await verdict(db.update(bots).set({ epoch: 0 }).where(eq(bots.tenantId, tenantId))),
    '23514',
    'an epoch never falls',
  )
  t.equal(
    await verdict(db.update(botRuns).set({ phase: 'starting' }).where(eq(botRuns.id, run.id))),
    '23514',
    'a phase never goes back',
  )
  t.equal(
    await verdict(
      db.update(trades).set({ status: 'win', profit: '-1', entryPrice: '1', exitPrice: '2', closedAt: new Date() }),
    ),
    '23514',
    'a win has a profit',
  )
  t.equal(await verdict(db.insert(installation).values({ one: false })), '23514', 'one installation')
})

t.test('a changed wish asks the orchestrator to look and rings', async (t) => {
  const { db, sql: pool, tenantId } = await setup(t)
  const rings: string[] = []
  let heard = () => {}
  const ring = new Promise<void>((resolve) => {
    heard = resolve
  })
  await pool.listen('sath_bots', (payload) => {
    rings.push(payload)
    heard()
  })
  await db.update(bots).set({ generation: 1, desiredState: 'stopped' }).where(eq(bots.tenantId, tenantId))
  await ring
  t.same(rings, [tenantId])
  const [row] = await db.select().from(bots)
  t.ok(row?.lookAt && row.lookAt.getTime() <= Date.now() + 1000)
})

t.test('plans are seeded once', async (t) => {
  const { db } = await setup(t)
  t.equal((await db.select().from(plans)).length, 4)
})

t.test('day partitions are made once, hold their day, and are dropped by age', async (t) => {
  const { db } = await setup(t)
  const day = Date.UTC(2024, 11, 2)
  const bar = { source: 'replay', symbol: 'BTCUSDT', timeframe: 'M1', open: 1, high: 2, low: 1, close: 2, volume: 3 }
  t.equal(await verdict(db.insert(candles).values({ ...bar, time: new Date(day) })), '23514', 'no partition yet')
  await Promise.all([
    ensureDays(db, 'candles', [day, day + 86_400_000]),
    db.execute(sql`select ensure_day_partition('candles', '2024-12-02')`),
  ])
  await db.insert(candles).values({ ...bar, time: new Date(day) })
  t.equal(await verdict(db.insert(candles).values({ ...bar, time: new Date(day) })), '23505', 'a candle is stored once')
  const [dropped] = await db.execute<{ n: number }>(sql`select drop_day_partitions('candles', '2024-12-03') as n`)
  t.equal(dropped?.n, 1)
  t.equal((await db.select().from(candles)).length, 0)
})

t.test('many sessions may ask for the same new days at once', async (t) => {
  const { url } = await setup(t)
  const sessions = Array.from({ length: 8 }, () => openDatabase(url, { max: 1 }))
  t.teardown(() => Promise.all(sessions.map((session) => session.close())))
  await Promise.all(sessions.map(({ db }) => db.execute(sql`select 1`)))
  for (let day = 0; day < 20; day++) {
    const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10)
    const asked = sessions.map(({ db }) =>
      verdict(db.execute(sql`select ensure_day_partition('signals', ${date}::date)`)),
    )
    t.same([...new Set(await Promise.all(asked))], ['accepted'], date)
  }
})
