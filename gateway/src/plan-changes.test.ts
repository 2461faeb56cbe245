import { decisions, editPlan, grantPlan, trades } from '@sath/db'
import { candles, until } from '@sath/testkit'
import { and, eq, gt, sql } from 'drizzle-orm'
import t from 'tap'
import { engineBot, scriptedBot } from './testing/bots.js'
import { config, recording, type Setup, setup, start, strategy } from './testing/setup.js'

const call = { direction: 'call', stake: '1.00' } as const
/** Nothing is found by looking: what is met in time was rung for. */
const deaf = { sweepMs: 60_000 }
const rising = (minutes: number) =>
  candles(
    [...Array(minutes).keys()].map((n) => 100 + n),
    { start },
  )

t.setTimeout(300_000)

const outcomesOf = async ({ db }: Setup, tenantId: string, after = 0) =>
  (
    await db
      .select()
      .from(decisions)
      .where(and(eq(decisions.tenantId, tenantId), gt(decisions.fromTime, new Date(after))))
      .orderBy(decisions.fromTime)
  ).map(({ strategyId, outcome, fromTime }) => ({ strategyId, outcome, time: fromTime.getTime() }))

t.test('a running bot hears of more and of less within 5 seconds, and forgets nothing', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant(config(), 'free')
  await at.gateway(recording(t, { BTCUSDT: rising(3_000) }, 200), { timing: deaf })
  const bot = engineBot(at.socketRoot, runId)
  t.teardown(() => bot.end())
  const heard = () => bot.line?.heard ?? []
  const newest = () => heard().findLast((message) => message.type === 'config')
  await until('the welcome', () => heard()[0])
  t.match(heard()[0], { type: 'welcome', maxStake: '5' })
  await until('some decisions', () => bot.seen.length > 30)
  for (const [change, maxStake] of [
    [() => grantPlan(at.db, tenantId, { planId: 'pro' }), '100'],
    [() => editPlan(at.db, 'pro', { maxCapitalPerTrade: '70' }), '70'],
    [() => grantPlan(at.db, tenantId, { planId: 'basic' }), '20'],
  ] as const) {
    const before = performance.now()
    await change()
    await until(maxStake, () => newest()?.maxStake === maxStake)
    t.ok(performance.now() - before < 5_000, maxStake)
  }
  const decided = bot.seen.length
  await until('it to go on', () => bot.seen.length > decided + 5)
  t.equal(heard().filter(({ type }) => type === 'welcome').length, 1, 'in the same session')
  const after = heard().slice(heard().findIndex(({ type }) => type === 'config'))
  t.notOk(
    after.some((message) => message.type === 'candle' && message.mode === 'warm-up'),
    'no strategy begins afresh',
  )
  t.equal(new Set(bot.seen.map((line) => line.split(' ')[0])).size, bot.seen.length, 'no candle is decided twice')
})

t.test('from the change on, nothing of a paused strategy is traded', async (t) => {
  const at = await setup(t)
  const two = [strategy({ name: 'A' }), strategy({ name: 'B' })]
  const { tenantId, runId } = await at.tenant(config({ strategies: two }), 'enterprise')
  await at.gateway(recording(t, { BTCUSDT: rising(6_000) }, 200), { timing: deaf })
  scriptedBot(at.socketRoot, runId, () => call)
  const traded = async (id: string | undefined, after?: number) =>
    (await outcomesOf(at, tenantId, after)).some((one) => one.strategyId === id && one.outcome === 'traded')
  await until('both to trade', async () => (await traded(two[0]?.id)) && (await traded(two[1]?.id)))
  // As many trades a day as before, so that the limit on strategies is what is met.
  await editPlan(at.db, 'free', { maxTradesPerDay: null, maxCapital: null })
  await grantPlan(at.db, tenantId, { planId: 'free' })
  const [last] = await at.db
    .select({ time: sql<string>`max(signal_time)` })
    .from(trades)
    .where(and(eq(trades.tenantId, tenantId), eq(trades.strategyId, two[1]?.id ?? '')))
  const changed = Date.parse(last?.time ?? '')
  await until('the first to trade on', () => traded(two[0]?.id, changed + 300_000))
  const paused = (await outcomesOf(at, tenantId, changed)).filter(({ strategyId }) => strategyId === two[1]?.id)
  t.ok(paused.length > 0)
  t.same([...new Set(paused.map(({ outcome }) => outcome))], ['plan-limit'])
})

t.test('a position that is asked to be closed is closed by an exit order, while its bot runs on', async (t) => {
  const at = await setup(t)
  const spot = strategy({ instrument: 'spot', expiryCandles: 5_000 })
  const { tenantId, runId } = await at.tenant(config({ strategies: [spot] }))
  await at.gateway(recording(t, { BTCUSDT: rising(6_000) }, 200), { timing: deaf })
  const line = scriptedBot(at.socketRoot, runId, () => call)
  const open = async () => (await at.tradesOf(tenantId)).filter(({ status, openedAt }) => openedAt && status === 'open')
  const [first, second] = await until('two positions', async () => {
    const found = await open()
    return found.length > 1 && found
  })
  await at.db
    .update(trades)
    .set({ closeAskedAt: sql`now()` })
    .where(eq(trades.id, first?.id ?? ''))
  await at.db.execute(sql`select pg_notify('sath_plans', ${tenantId}::text)`)
  await until('its end', async () =>
    (await at.tradesOf(tenantId)).some(({ id, closedAt }) => id === first?.id && closedAt),
  )
  const exits = (await at.ordersOf(tenantId)).filter(({ purpose }) => purpose === 'exit')
  t.match(exits, [{ tradeId: first?.id, status: 'accepted' }], 'the only one')
  t.ok((await open()).some(({ id }) => id === second?.id))
  await until('the bot to hear of it', () =>
    line.heard.some(
      (message) => message.type === 'trade' && message.trade.tradeId === first?.id && message.trade.closedAt,
    ),
  )
})
