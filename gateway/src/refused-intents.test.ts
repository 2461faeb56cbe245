import { until, walk } from '@sath/testkit'
import t from 'tap'
import { decision, openLine, scriptedBot } from './testing/bots.js'
import { config, recording, setup, start, strategy } from './testing/setup.js'

t.test('an answer that comes when the market has gone on enters nothing', async (t) => {
  const at = await setup(t)
  const one = strategy()
  const { tenantId, runId } = await at.tenant(config({ strategies: [one] }))
  const candles = walk(6, { start })
  await at.gateway(recording(t, { BTCUSDT: candles }), { timing: { lockStepMs: 100 } })
  const line = openLine(at.socketRoot, runId, (message, on) => {
    const welcome = on.heard.find((each) => each.type === 'welcome')
    if (message.type !== 'candle' || !welcome) return
    // It answers for a candle when it has seen the two after it, and would only have to choose the side that won.
    const time = message.candle.time - 2 * 60_000
    if (time >= start) on.say(decision(welcome, one.id, 'BTCUSDT', time, { direction: 'call', stake: '1.00' }))
  })
  line.socket.on('connect', () => line.say({ type: 'hello', protocol: 1, bundle: 'test' }))
  t.teardown(() => line.end())
  await until('late decisions', async () => (await at.decisionsOf(tenantId)).length === 4)
  t.ok((await at.decisionsOf(tenantId)).every((words) => words.includes('stale')))
  t.same(await at.tradesOf(tenantId), [])
})

t.test('a bot has so many intents a minute, and no more', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(6, { start }) }), { timing: { intentsPerMinute: 2 } })
  const line = scriptedBot(at.socketRoot, runId, () => ({ direction: 'put', stake: '1.00' }))
  t.teardown(() => line.end())
  await until('all decisions', async () => (await at.decisionsOf(tenantId)).length === 6)
  const outcomes = (await at.decisionsOf(tenantId)).map((words) => words.split(' ')[4])
  t.same(outcomes, ['traded', 'traded', 'held', 'held', 'held', 'held'])
  t.equal((await at.tradesOf(tenantId)).length, 2)
})

t.test('a bot that was asked to drain enters nothing more, whatever it says', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(400, { start }) }, 50))
  const line = scriptedBot(at.socketRoot, runId, () => ({ direction: 'put', stake: '0.01' }))
  t.teardown(() => line.end())
  await until('a trade', async () => (await at.tradesOf(tenantId)).length > 0)
  await at.phase(runId, 'stopping')
  await until('the wish to drain', () => line.heard.some(({ type }) => type === 'drain'))
  const refused = async () =>
    (await at.decisionsOf(tenantId)).filter((words) => words.endsWith('draining the bot is stopping'))
  await until('refusals', async () => (await refused()).length > 2)
  t.match(await at.runOf(runId), { phase: 'stopping' })
})
