import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { commitEntry, type EntryWish } from './entry-repository.js'
import { bots, decisions, orders, strategyCheckpoints, trades } from './schema/index.js'
import { enteringBot, ways } from './testing/entering.js'
import { openTestDatabase } from './testing.js'

type Test = { readonly teardown: (fn: () => unknown) => void }

async function setup(test: Test) {
  const { db } = await openTestDatabase(test)
  const bot = await enteringBot(db)
  const enter = (symbol: string, changes: Partial<EntryWish> = {}) => {
    const { decision, wish } = bot.entry(symbol, changes)
    return commitEntry(db, decision, wish)
  }
  return { db, ...bot, enter }
}

t.test('an entry is decision, checkpoint, trade and order, or a decision that says why not', async (t) => {
  const { db, enter, tenantId } = await setup(t)
  t.same(await enter('S0'), { kind: 'entered' })
  t.match(await enter('S1', { stake: '900' }), { kind: 'entered' }, 'the plan has no cap')
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

for (const [way, commit] of Object.entries(ways)) {
  t.test(`never one too many, however many race, ${way}`, async (t) => {
    const { db, tenantId, config, entry } = await setup(t)
    const many = (from: number, count: number, changes: Partial<EntryWish> = {}) =>
      commit(
        db,
        Array.from({ length: count }, (_, n) => entry(`S${from + n}`, changes)),
      )
    const entered = (results: readonly { kind: string }[]) => results.filter(({ kind }) => kind === 'entered').length
    const ordered = async () => (await db.select().from(orders)).length
    /** What somebody else does under the lock while entries wait for it. */
    async function meanwhile(change: ReturnType<typeof sql>, race: () => Promise<readonly { kind: string }[]>) {
      let racing: ReturnType<typeof race> | undefined
      await db.transaction(async (tx) => {
        await tx.select().from(bots).where(eq(bots.tenantId, tenantId)).for('update')
        await tx.execute(change)
        racing = race()
        await tx.execute(sql`select pg_sleep(0.05)`)
      })
      return entered((await racing) ?? [])
    }

    const limit = { config: { ...config, risk: { maxTradesPerDay: 5 } } }
    t.equal(entered(await many(0, 20, limit)), 5, 'the limit')

    const most = (count: number | null) => sql`update plans set max_trades_per_day = ${count} where id = 'enterprise'`
    t.equal(await meanwhile(most(10), () => many(20, 10)), 5, 'a lowered plan that allows ten a day in all')
    t.equal(await ordered(), 10)
    await db.execute(most(null))

    const hold = sql`update bots set hold = 'admin' where tenant_id = ${tenantId}`
    t.equal(await meanwhile(hold, () => many(30, 8)), 0, 'a hold')
    await db.update(bots).set({ hold: null }).where(eq(bots.tenantId, tenantId))

    const raise = sql`update bots set epoch = 2 where tenant_id = ${tenantId}`
    t.equal(await meanwhile(raise, () => many(40, 10)), 0, 'another epoch')
    t.equal(await ordered(), 10)
    t.same(await many(50, 2), [{ kind: 'ignored' }, { kind: 'ignored' }])

    await db.update(bots).set({ epoch: 3 }).where(eq(bots.tenantId, tenantId))
    const freely = many(51, 8, { epoch: 3 })
    await db.transaction((tx) => tx.update(bots).set({ epoch: 4 }).where(eq(bots.tenantId, tenantId)))
    t.equal(await ordered(), 10 + entered(await freely), 'what is said to be entered is in the rows, and nothing else')
  })
}
