import { existsSync } from 'node:fs'
import { faultyBroker } from '@sath/brokers'
import { bots, type Receipt } from '@sath/db'
import { candles, until, walk } from '@sath/testkit'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { socketPath } from './sessions/socket-server.js'
import { scriptedBot } from './testing/bots.js'
import { config, recording, type Setup, setup, start, strategy } from './testing/setup.js'

const call = { direction: 'call', stake: '1.00' } as const
const rising = (minutes: number) =>
  candles(
    [...Array(minutes).keys()].map((n) => 100 + n),
    { start },
  )
const quick = { sweepMs: 100, settlePatienceMs: 50, brokerTimeoutMs: 50 }

/** The user stops the bot, its process ends; the receipt follows. */
async function stop(at: Setup, tenantId: string, runId: string): Promise<void> {
  await at.db.update(bots).set({ desiredState: 'stopped' }).where(eq(bots.tenantId, tenantId))
  await at.phase(runId, 'stopping')
}

async function receiptOf(at: Setup, runId: string): Promise<Receipt> {
  return await until('the receipt', async () => (await at.runOf(runId)).receipt)
}

const proven = ({ openOrders, problems }: Receipt) => openOrders === 0 && problems.length === 0

t.setTimeout(300_000)

t.test('a stop drains the bot, and what cannot be closed is kept and settled without it', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant(config({ strategies: [strategy({ expiryCandles: 60 })] }))
  await at.gateway(recording(t, { BTCUSDT: rising(400) }, 150))
  const line = scriptedBot(at.socketRoot, runId, () => call)
  await until('an open position', async () => (await at.tradesOf(tenantId)).some(({ openedAt }) => openedAt))
  await stop(at, tenantId, runId)
  await until('drained', async () => (await at.runOf(runId)).drainedAt)
  const before = (await at.ordersOf(tenantId)).length
  line.end()
  await at.phase(runId, 'exited')
  const receipt = await receiptOf(at, runId)
  t.ok(proven(receipt))
  t.ok(receipt.positionsKept.length > 0 && receipt.positionsKept.every(({ expiresAt }) => expiresAt))
  t.ok((await at.runOf(runId)).settledAt)
  t.equal((await at.ordersOf(tenantId)).length, before, 'nothing entered after the drain')
  const rows = await until('the kept positions to be settled', async () => {
    const all = await at.tradesOf(tenantId)
    return all.every(({ status }) => status === 'win' || status === 'cancelled') && all
  })
  t.ok(rows.some(({ status }) => status === 'win'))
  for (const { tradeId, expiresAt } of receipt.positionsKept) {
    t.equal(rows.find(({ id }) => id === tradeId)?.closedAt?.toISOString(), expiresAt)
  }
})

t.test('spot positions are closed on a stop, or kept, as their owner chose', async (t) => {
  for (const onStop of ['close', 'keep'] as const) {
    const at = await setup(t)
    const spot = strategy({ instrument: 'spot', expiryCandles: 6_000 })
    const { tenantId, runId } = await at.tenant(config({ onStop, strategies: [spot] }))
    await at.gateway(recording(t, { BTCUSDT: rising(6_000) }, 100), { timing: quick })
    const line = scriptedBot(at.socketRoot, runId, () => call)
    await until('an open position', async () => (await at.tradesOf(tenantId)).some(({ openedAt }) => openedAt))
    await stop(at, tenantId, runId)
    await until('drained', async () => (await at.runOf(runId)).drainedAt)
    line.end()
    await at.phase(runId, 'exited')
    const receipt = await receiptOf(at, runId)
    t.ok(proven(receipt), onStop)
    const exits = (await at.ordersOf(tenantId)).filter(({ purpose }) => purpose === 'exit')
    const open = (await at.tradesOf(tenantId)).filter(({ openedAt, status }) => openedAt && status === 'open')
    if (onStop === 'close') {
      t.ok(receipt.positionsClosed > 0)
      t.equal(exits.length, receipt.positionsClosed, 'each close has its exit order')
      t.same(receipt.positionsKept, [])
      t.equal(open.length, 0)
    } else {
      t.equal(exits.length, 0)
      t.ok(receipt.positionsKept.length > 0)
    }
  }
})

t.test('a receipt proves nothing while the broker cannot be asked, and is mended when it can', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  let down = false
  await at.gateway(recording(t, { BTCUSDT: rising(600) }, 100), {
    timing: quick,
    wrapBroker: (broker) => faultyBroker(broker, () => (down ? 'unknown-after' : undefined)),
  })
  let minutes = 0
  const line = scriptedBot(at.socketRoot, runId, () => {
    down = minutes++ > 3
    return minutes < 6 ? call : 'none'
  })
  await until('an order nobody knows about', async () =>
    (await at.ordersOf(tenantId)).some(({ status }) => status === 'unknown'),
  )
  await stop(at, tenantId, runId)
  line.end()
  await at.phase(runId, 'exited')
  const first = await receiptOf(at, runId)
  t.notOk(proven(first))
  t.ok(first.openOrders > 0)
  t.ok(first.problems.some((problem) => problem.includes('cannot be asked')))
  t.ok((await at.runOf(runId)).settledAt, 'settled is when it was first tried')
  down = false
  await until('the proof', async () => proven((await at.runOf(runId)).receipt!))
  t.ok(
    (await at.ordersOf(tenantId)).every(({ status }) => status === 'accepted'),
    'it had been accepted all along',
  )
})

t.test('a force stop is settled with a bot that never answered', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: rising(300) }, 100), { timing: quick })
  let silent = false
  const line = scriptedBot(at.socketRoot, runId, () => (silent ? undefined : call))
  await until('some trades', async () => (await at.tradesOf(tenantId)).length >= 3)
  silent = true
  await at.db.update(bots).set({ epoch: 2, desiredState: 'stopped', hold: 'admin' }).where(eq(bots.tenantId, tenantId))
  await at.phase(runId, 'killing')
  await at.phase(runId, 'exited')
  t.ok(proven(await receiptOf(at, runId)))
  await until('its line to be cut', () => line.closed)
})

t.test('a crash leaves positions alone, and the next run knows them', async (t) => {
  const at = await setup(t)
  const spot = strategy({ instrument: 'spot', expiryCandles: 6_000 })
  const { tenantId, runId } = await at.tenant(config({ strategies: [spot] }))
  await at.gateway(recording(t, { BTCUSDT: rising(6_000) }, 100), { timing: quick })
  const line = scriptedBot(at.socketRoot, runId, () => call)
  await until('a position', async () => (await at.tradesOf(tenantId)).some(({ openedAt }) => openedAt))
  line.end()
  await at.phase(runId, 'exited')
  const receipt = await receiptOf(at, runId)
  t.equal(receipt.positionsClosed, 0)
  t.ok(receipt.positionsKept.length > 0)
  const next = await at.run(tenantId, 2)
  await until('its socket', () => existsSync(socketPath(at.socketRoot, next)))
  const other = scriptedBot(at.socketRoot, next, () => 'none')
  t.teardown(() => other.end())
  const welcome = await until('the welcome', () => other.heard.find((message) => message.type === 'welcome'))
  t.equal(welcome.epoch, 2)
  t.ok(welcome.trades.filter(({ status }) => status === 'open').length >= receipt.positionsKept.length)
})

t.test('a feed that ends refunds what is open', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant(config({ strategies: [strategy({ expiryCandles: 5 })] }))
  await at.gateway(recording(t, { BTCUSDT: walk(8, { start }) }))
  const line = scriptedBot(at.socketRoot, runId, () => call)
  t.teardown(() => line.end())
  const rows = await until('refunds', async () => {
    const all = await at.tradesOf(tenantId)
    return all.length >= 8 && all.every(({ closedAt }) => closedAt) && all
  })
  t.same(
    rows.map(({ status, reason }) => (status === 'cancelled' ? reason : 'settled')),
    [...Array(3).fill('settled'), ...Array(5).fill('feed-ended')],
  )
  await until('the bot to hear of it', () =>
    line.heard.some((message) => message.type === 'trade' && message.trade.status === 'cancelled'),
  )
})
