import { existsSync } from 'node:fs'
import { bots, candles as candleRows, orders, trades } from '@sath/db'
import { candles, until } from '@sath/testkit'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { socketPath } from './sessions/socket-server.js'
import { scriptedBot } from './testing/bots.js'
import { config, recording, type Setup, setup, start, strategy, type Test } from './testing/setup.js'

const call = { direction: 'call', stake: '1.00' } as const
const quick = { sweepMs: 100, settlePatienceMs: 50, returnWithinMs: 50 }
const rising = (minutes: number) =>
  candles(
    [...Array(minutes).keys()].map((n) => 100 + n),
    { start },
  )

t.setTimeout(300_000)

/** Resolves with the number of stored minutes once it has not changed for a while in which dozens would have come. */
async function standsStill(at: Setup): Promise<number> {
  let before = -1
  let since = performance.now()
  return await until('the market to stand still', async () => {
    const now = await at.db.$count(candleRows, eq(candleRows.timeframe, 'M1'))
    if (now !== before) since = performance.now()
    before = now
    return performance.now() - since > 600 && now
  })
}

/** A bot has traded and is stopped by its user. */
async function stopped(t: Test, at: Setup, expiryCandles: number) {
  const { tenantId, runId } = await at.tenant(config({ strategies: [strategy({ expiryCandles })] }))
  await at.gateway(recording(t, { BTCUSDT: rising(6_000) }, 100), { timing: quick })
  let asked = 0
  const line = scriptedBot(at.socketRoot, runId, () => (asked++ === 3 ? call : 'none'))
  await until('a position', async () => (await at.tradesOf(tenantId)).some(({ openedAt }) => openedAt))
  await at.db.update(bots).set({ desiredState: 'stopped' }).where(eq(bots.tenantId, tenantId))
  await at.phase(runId, 'stopping')
  line.end()
  await at.phase(runId, 'exited')
  return tenantId
}

t.test('without a bot a recording stands still once nothing is open, and the next bot misses nothing', async (t) => {
  const at = await setup(t)
  const tenantId = await stopped(t, at, 40)
  const [trade] = await until('the option to expire without its bot', async () => {
    const rows = await at.tradesOf(tenantId)
    return rows.every(({ status }) => status === 'win') && rows
  })
  const minutes = await standsStill(at)
  t.ok(start + minutes * 60_000 >= trade!.expiresAt!.getTime(), 'not before its expiry')
  t.ok(minutes < 3_000, `${minutes} minutes`)
  await at.db.update(bots).set({ desiredState: 'running' }).where(eq(bots.tenantId, tenantId))
  const next = await at.run(tenantId, 2)
  await until('its socket', () => existsSync(socketPath(at.socketRoot, next)))
  const line = scriptedBot(at.socketRoot, next, () => 'none')
  t.teardown(() => line.end())
  const first = await until('a live candle after the last one', () =>
    line.heard.find(
      (message) =>
        message.type === 'candle' && message.mode === 'live' && message.candle.time >= start + minutes * 60_000,
    ),
  )
  t.equal(first.type === 'candle' && first.candle.time, start + minutes * 60_000, 'exactly the next one')
})

t.test(
  'a gateway that is new to open trades plays on until they are settled, whether or not a bot comes',
  async (t) => {
    const at = await setup(t)
    const { tenantId, runId } = await at.tenant(config({ strategies: [strategy({ expiryCandles: 500 })] }))
    const feed = recording(t, { BTCUSDT: rising(6_000) }, 400)
    const first = await at.gateway(feed, { timing: quick })
    let asked = 0
    const line = scriptedBot(at.socketRoot, runId, () => (asked++ === 3 ? call : 'none'))
    await until('a position', async () => (await at.tradesOf(tenantId)).some(({ openedAt }) => openedAt))
    await first.close()
    line.end()
    await at.db.update(bots).set({ desiredState: 'stopped' }).where(eq(bots.tenantId, tenantId))
    await at.phase(runId, 'exited')
    await at.gateway(feed, { timing: quick })
    await until('its expiry', async () => (await at.tradesOf(tenantId)).every(({ status }) => status === 'win'))
    const receipt = await until('the receipt', async () => (await at.runOf(runId)).receipt)
    t.same(receipt.problems, [])
  },
)

t.test('trades that went with their tenant are forgotten, so the recording comes to rest', async (t) => {
  const at = await setup(t)
  const tenantId = await stopped(t, at, 40)
  await at.db.delete(orders).where(eq(orders.tenantId, tenantId))
  await at.db.delete(trades).where(eq(trades.tenantId, tenantId))
  const minutes = await standsStill(at)
  t.ok(minutes > 0 && minutes < 3_000, `${minutes} minutes`)
})
