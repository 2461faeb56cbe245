import { until } from '@sath/testkit'
import { and, eq, sql } from 'drizzle-orm'
import t from 'tap'
import { openDatabase } from './client.js'
import { commitEntries } from './entry-batch.js'
import { entryStandings } from './entry-facts.js'
import { commitEntry } from './entry-repository.js'
import { ensureDays } from './partitions.js'
import { botRuns, bots, decisions, orders, strategyCheckpoints, trades } from './schema/index.js'
import { enteringBot } from './testing/entering.js'
import { openTestDatabase } from './testing.js'

t.test('what is refused to one bot leaves the others alone', async (t) => {
  const { db } = await openTestDatabase(t)
  const bot = () => enteringBot(db)
  const [good, held, overtaken, stopped, ending, unanswered, poor, worse] = await Promise.all([
    bot(),
    bot(),
    bot(),
    bot(),
    bot(),
    bot(),
    bot(),
    bot(),
  ])
  const ofBot = ({ tenantId }: { tenantId: string }) => eq(bots.tenantId, tenantId)
  await db.update(bots).set({ hold: 'admin' }).where(ofBot(held))
  await db.update(bots).set({ epoch: 2 }).where(ofBot(overtaken))
  await db.update(bots).set({ desiredState: 'stopped' }).where(ofBot(stopped))
  await db.update(botRuns).set({ phase: 'stopping' }).where(eq(botRuns.id, ending.runId))
  const older = unanswered.entry('S1')
  await commitEntry(db, older.decision, older.wish)
  await db.update(bots).set({ epoch: 2 }).where(ofBot(unanswered))
  await db.execute(
    sql`update bot_runs set phase = 'exited', exited_at = now(), exit_cause = 'clean' where id = ${unanswered.runId}`,
  )
  await db.execute(sql`insert into bot_runs (id, tenant_id, epoch, generation, phase, node, engine, memory_mib, cpu)
    select gen_random_uuid(), tenant_id, 2, 0, 'running', node, engine, memory_mib, cpu from bot_runs where id = ${unanswered.runId}`)
  const [heir] = await db.select().from(botRuns).where(sql`tenant_id = ${unanswered.tenantId} and epoch = 2`)

  const entries = [
    good.entry('S0'),
    held.entry('S0'),
    overtaken.entry('S0'),
    stopped.entry('S0'),
    ending.entry('S0'),
    unanswered.entry('S0', { epoch: 2, runId: heir?.id ?? '' }),
    poor.entry('S0', { config: { ...poor.config, risk: { maxExposure: '0.50' } } }),
    worse.entry('S0', { symbol: 'not traded' }),
    good.entry('S1'),
  ]
  const together = await commitEntries(db, entries)
  t.same(
    together.map((result) => result?.kind),
    ['entered', undefined, undefined, undefined, undefined, undefined, 'refused', 'refused', 'entered'],
  )
  t.match(together[6], { outcome: 'exposure' })
  const alone = await Promise.all(entries.slice(1, 6).map(({ decision, wish }) => commitEntry(db, decision, wish)))
  t.match(alone, [
    { kind: 'refused', fence: 'SF002' },
    { kind: 'ignored' },
    { kind: 'refused', fence: 'SF004' },
    { kind: 'refused', fence: 'SF005' },
    { kind: 'refused', fence: 'SF006' },
  ])
  t.equal(await db.$count(orders), 3)
  const rows = await db.select().from(decisions)
  t.equal(rows.filter(({ tradeId }) => tradeId !== null).length, 3)
  t.equal(rows.length, 9, 'every candle has its decision but the one of the epoch that is over')
})

t.test('a bot that somebody else holds the lock of delays nobody', async (t) => {
  const { db } = await openTestDatabase(t)
  const [busy, free] = await Promise.all([enteringBot(db), enteringBot(db)])
  await db.transaction(async (tx) => {
    await tx.select().from(bots).where(eq(bots.tenantId, busy.tenantId)).for('update')
    t.same(await commitEntries(db, [busy.entry('S0'), free.entry('S0')]), [undefined, { kind: 'entered' }])
  })
})

t.test('the fence has the last word: what it refuses after all undoes the group', async (t) => {
  const { db } = await openTestDatabase(t)
  const [one, other] = await Promise.all([enteringBot(db), enteringBot(db)])
  await db.execute(sql`create function no() returns trigger language plpgsql as $$ begin
    if new.symbol = 'S7' then raise exception 'fence' using errcode = 'SF002'; end if; return new; end $$`)
  await db.execute(sql`create trigger a_fence before insert on orders for each row execute function no()`)
  await t.rejects(commitEntries(db, [one.entry('S0'), other.entry('S7')]))
  t.equal(await db.$count(trades), 0)
  t.equal(await db.$count(strategyCheckpoints), 0)
})

t.test(
  'a process that dies in the middle leaves all of its group or nothing, and the same again is no second entry',
  async (t) => {
    const { db, url } = await openTestDatabase(t)
    const group = await Promise.all(Array.from({ length: 4 }, () => enteringBot(db)))
    const entries = group.map((bot) => bot.entry('S0'))
    const written = async () => [await db.$count(orders), await db.$count(trades), await db.$count(strategyCheckpoints)]
    for (const needed of ['bots', 'trades', 'orders', 'decisions']) {
      const victim = openDatabase(url, { max: 1, name: `needs ${needed}` })
      t.teardown(() => victim.sql.end({ timeout: 0 }))
      // Held up by a lock on what it needs next, and cut off there by the server, as when the process is killed.
      await db.transaction(async (tx) => {
        await tx.execute(sql.raw(`lock table ${needed} in access exclusive mode`))
        const attempt = commitEntries(victim.db, entries)
        attempt.catch(() => {})
        await until(`it waits for ${needed}`, async () => {
          const [cut] = await db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = ${`needs ${needed}`} and wait_event_type = 'Lock' and datname = current_database()`)
          return cut !== undefined
        })
        await t.rejects(attempt)
      })
      t.same(await written(), [0, 0, 0], `cut off before ${needed}`)
    }
    await commitEntries(db, entries)
    t.same(await written(), [4, 4, 4])
    // The answer to the commit was lost: the same group once more.
    await t.rejects(commitEntries(db, entries))
    t.same(
      await Promise.all(entries.map(({ decision, wish }) => commitEntry(db, decision, wish))),
      entries.map(() => ({ kind: 'entered' })),
      'ours: to be sent',
    )
    t.equal(await db.$count(orders), 4)
  },
)

t.test('daily limits count the day of the bot, the plan that of UTC', async (t) => {
  const { db } = await openTestDatabase(t)
  const bot = await enteringBot(db)
  for (const table of ['decisions', 'signals'] as const)
    await ensureDays(db, table, [Date.UTC(2024, 2, 30), Date.UTC(2024, 2, 31)])
  const hour = 3_600_000
  // Madrid's 31 March 2024 had 23 hours: 30 March 23:00 until 31 March 22:00, UTC.
  const [from, to] = [Date.UTC(2024, 2, 30, 23), Date.UTC(2024, 2, 31, 22)]
  const spring = { from, to }
  for (const [n, time] of [from - 60_000, from, to - 60_000, to].entries()) {
    await commitEntries(db, [bot.entry(`S${n}`, { signalTime: time })])
    const at = new Date(time)
    await db
      .update(trades)
      .set({
        status: 'win',
        openedAt: at,
        expiresAt: at,
        closedAt: at,
        entryPrice: '1',
        exitPrice: '2',
        profit: `${10 ** n}`,
      })
      .where(and(eq(trades.tenantId, bot.tenantId), eq(trades.symbol, `S${n}`)))
  }
  const ask = (signalTime: number, signal = spring) =>
    db.transaction(async (tx) => {
      const [standing] = await entryStandings(tx, [
        { tenantId: bot.tenantId, run: null, signalTime, days: { signal, entry: signal } },
      ])
      return standing?.facts
    })
  t.match(await ask(from + hour), { tradesOfDay: 2, tradesOfUtcDay: 2, profitOfDay: /^110(\.0+)?$/ })
  t.match(await ask(from), { tradesOfDay: 2, tradesOfUtcDay: 2 }, 'UTC is a day behind there')
  const next = { from: to, to: to + 24 * hour }
  t.match(await ask(to + 60_000, next), { tradesOfDay: 1, tradesOfUtcDay: 2, profitOfDay: /^1000(\.0+)?$/ })
})
