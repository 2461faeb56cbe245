import { auditLog, botConfigs, bots } from '@sath/db'
import { until, walk } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { engineBot, scriptedBot } from './testing/bots.js'
import { config, recording, setup, start, strategy } from './testing/setup.js'

t.setTimeout(300_000)

t.test('a heartbeat makes the run running, and its numbers are the tenant’s own', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(50, { start }) }, 50), { timing: { sweepMs: 50 } })
  const bot = engineBot(at.socketRoot, runId)
  t.teardown(() => bot.end())
  const run = await until('running', async () => {
    const row = await at.runOf(runId)
    return row.phase === 'running' && row
  })
  t.ok(run.runningAt && run.lastHeartbeatAt && run.progressAt)
  t.equal(run.heartbeat?.rssBytes, 1_000_000)
  const [bell] = await at.db.select({ lookAt: bots.lookAt }).from(bots).where(eq(bots.tenantId, tenantId))
  t.ok(bell?.lookAt, 'the orchestrator is asked to look')
  await until('metrics', () =>
    ['memory', 'cpu', 'loop-lag', 'equity'].every((name) => at.points.some((p) => p.name === name)),
  )
  t.ok(at.points.every((point) => point.tenantId === tenantId))
})

t.test('two tenants on two symbols see their own market and nobody else’s trades', async (t) => {
  const at = await setup(t)
  const one = await at.tenant(config({ strategies: [strategy({ symbols: ['BTCUSDT'] })] }))
  const two = await at.tenant(config({ strategies: [strategy({ symbols: ['ETHUSDT'], timeframe: 'M5' })] }))
  const market = { BTCUSDT: walk(30, { start }), ETHUSDT: walk(30, { start, seed: 2 }) }
  await at.gateway(recording(t, market, 200))
  const lines = [one, two].map(({ runId }) =>
    scriptedBot(at.socketRoot, runId, () => ({ direction: 'put', stake: '1.00' })),
  )
  t.teardown(() => lines.map((line) => line.end()))
  await until('both to have trades', async () => {
    const counts = await Promise.all([one, two].map(async ({ tenantId }) => (await at.tradesOf(tenantId)).length))
    return counts[0]! > 20 && counts[1]! >= 5
  })
  for (const [index, symbol] of ['BTCUSDT', 'ETHUSDT'].entries()) {
    const heard = lines[index]!.heard
    t.ok(heard.every((message) => message.type !== 'candle' || message.key.symbol === symbol))
    t.ok(heard.every((message) => message.type !== 'trade' || message.trade.symbol === symbol))
  }
  t.ok(lines[1]!.heard.every((message) => message.type !== 'candle' || message.key.timeframe === 'M5'))
})

t.test('results come before the candles of their minute', async (t) => {
  const at = await setup(t)
  const { runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(10, { start }) }, 100))
  const line = scriptedBot(at.socketRoot, runId, () => ({ direction: 'call', stake: '1.00' }))
  t.teardown(() => line.end())
  const settled = await until('a result', () =>
    line.heard.find((message) => message.type === 'trade' && message.trade.closedAt !== null),
  )
  const place = line.heard.indexOf(settled)
  const before = line.heard.slice(0, place).findLast((message) => message.type === 'candle')
  if (before?.type !== 'candle' || settled.type !== 'trade') throw new Error('no candle')
  t.equal(before.candle.time + 60_000, settled.trade.closedAt! - 60_000, 'the minute that settles is told after it')
})

t.test('a bot that comes back late hears the candles it missed as stale, and enters nothing on them', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  const other = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(4_000, { start }) }, 200), { timing: { returnWithinMs: 10 } })
  const pace = scriptedBot(at.socketRoot, other.runId, () => 'none')
  let line = scriptedBot(at.socketRoot, runId, () => 'none')
  t.teardown(() => [pace.end(), line.end()])
  await until('some decisions', async () => (await at.decisionsOf(tenantId)).length > 0 && line.heard.length > 10)
  line.end()
  const missed = pace.heard.length
  await until('the market to go on', () => pace.heard.length > missed + 20)
  line = scriptedBot(at.socketRoot, runId, () => ({ direction: 'call', stake: '1.00' }))
  const stale = () =>
    line.heard.flatMap((message) => (message.type === 'candle' && message.mode === 'stale' ? [message] : []))
  await until('stale candles', () => stale().length > 10)
  await until('a live one', () => line.heard.some((message) => message.type === 'candle' && message.mode === 'live'))
  const times = new Set(stale().map(({ candle }) => candle.time))
  await until('a trade', async () => (await at.tradesOf(tenantId)).length > 0)
  t.notOk((await at.tradesOf(tenantId)).some(({ signalTime }) => times.has(signalTime.getTime())))
  const decisions = (await at.decisionsOf(tenantId)).map((text) => text.split(' '))
  t.ok(decisions.some((words) => words[4] === 'stale'))
  const covered = decisions.reduce((sum, words) => sum + Number(words[3]), 0)
  const span = (Number(decisions.at(-1)![2]) - Number(decisions[0]![1])) / 60_000 + 1
  t.equal(covered, span, 'one decision for each candle, missed or not')
})

t.test('a configuration changes in flight: what is unchanged goes on, what is new warms up', async (t) => {
  const at = await setup(t)
  const stays = strategy({ params: { fast: 3, slow: 8 } })
  const { tenantId, runId } = await at.tenant(config({ strategies: [stays] }))
  await at.gateway(recording(t, { BTCUSDT: walk(500, { start }), ETHUSDT: walk(500, { start, seed: 2 }) }, 250))
  const bot = engineBot(at.socketRoot, runId)
  t.teardown(() => bot.end())
  await until('some candles', () => bot.seen.length > 60)
  const added = strategy({ params: { fast: 3, slow: 8 }, symbols: ['ETHUSDT'] })
  await at.db.insert(botConfigs).values({ tenantId, version: 2, config: config({ strategies: [stays, added] }) })
  await at.db.update(bots).set({ configVersion: 2 }).where(eq(bots.tenantId, tenantId))
  const line = bot.line!
  await until('its first live candle', () =>
    line.heard.some(
      (message) => message.type === 'candle' && message.key.symbol === 'ETHUSDT' && message.mode === 'live',
    ),
  )
  const { heard } = line
  const change = heard.findIndex(({ type }) => type === 'config')
  const warmUp = heard.filter((message) => message.type === 'candle' && message.mode === 'warm-up')
  t.ok(warmUp.length > 20)
  t.ok(
    warmUp.every(
      (message) => message.type === 'candle' && message.key.symbol === 'ETHUSDT' && heard.indexOf(message) > change,
    ),
    'only the new strategy warms up, after the configuration',
  )
  t.equal(heard.filter(({ type }) => type === 'welcome').length, 1, 'without a restart')
  await until('decisions under the new version', async () => {
    const [row] = await at.db.execute<{ n: number }>(
      sql`select count(*)::int as n from decisions where config_version = 2 and strategy_id = ${stays.id}`,
    )
    return row!.n > 0
  })
  const first = (await at.decisionsOf(tenantId)).filter((text) => text.startsWith('ETH'))
  t.notOk(
    first.some((text) => text.includes(' warm-up ')),
    'it was warm when it began',
  )
})

t.test('a plan that falls reaches a running bot', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(500, { start }) }, 100), { timing: { sweepMs: 50 } })
  const line = scriptedBot(at.socketRoot, runId, () => 'none')
  t.teardown(() => line.end())
  await until('the welcome', () => line.heard.some((message) => message.type === 'candle'))
  await at.db.execute(sql`update plan_grants set plan_id = 'free' where tenant_id = ${tenantId}`)
  const told = await until('to be told', () => line.heard.find((message) => message.type === 'config'))
  t.equal(told.type === 'config' && told.maxStake, '5')
})

t.test('a feed on the wall clock warms a bot up from its history, and says that it is made up', async (t) => {
  const at = await setup(t)
  const { runId } = await at.tenant(config({ strategies: [strategy({ timeframe: 'M5' })] }))
  await at.gateway('synthetic')
  const bot = engineBot(at.socketRoot, runId)
  t.teardown(() => bot.end())
  const times = await until('a warm-up up to now', () => {
    const heard = bot.line?.heard.flatMap((message) => (message.type === 'candle' ? [message.candle.time] : [])) ?? []
    return (heard.at(-1) ?? 0) > Date.now() - 11 * 60_000 && heard
  })
  t.ok(times.length >= 22, `${times.length} candles`)
  t.same(
    times,
    times.map((_, index) => times[0]! + index * 300_000),
    'without a gap',
  )
})

t.test('an older epoch is refused, whatever it says', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(300, { start }) }, 100))
  const line = scriptedBot(at.socketRoot, runId, () => 'none')
  await until('decisions', async () => (await at.decisionsOf(tenantId)).length > 0)
  await at.db.update(bots).set({ epoch: 2 }).where(eq(bots.tenantId, tenantId))
  await until('to be put out', () => line.closed)
  const again = scriptedBot(at.socketRoot, runId, () => ({ direction: 'call', stake: '1.00' }))
  await until('to be put out again', () => again.closed)
  t.notOk(again.heard.some(({ type }) => type === 'welcome'))
  t.ok(
    (await at.db.select().from(auditLog)).some(
      ({ action, target }) => action === 'session.ended' && target === tenantId,
    ),
  )
  t.equal((await at.ordersOf(tenantId)).length, 0)
})
