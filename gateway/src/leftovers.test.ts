import { bots } from '@sath/db'
import { candles, until } from '@sath/testkit'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { scriptedBot } from './testing/bots.js'
import { config, recording, type Setup, setup, start, strategy, type Test } from './testing/setup.js'

const call = { direction: 'call', stake: '1.00' } as const
const quick = { sweepMs: 100, settlePatienceMs: 50, brokerTimeoutMs: 50 }
const rising = (minutes: number) =>
  candles(
    [...Array(minutes).keys()].map((n) => 100 + n),
    { start },
  )
const spot = () => strategy({ instrument: 'spot', expiryCandles: 1_000 })

t.setTimeout(300_000)

/** A bot with an open spot position crashes, and the run is settled as one that goes on. */
async function crashed(t: Test, at: Setup, onStop: 'close' | 'keep') {
  const { tenantId, runId } = await at.tenant(config({ onStop, strategies: [spot()] }))
  await at.gateway(recording(t, { BTCUSDT: rising(3_000) }, 100), { timing: quick })
  const line = scriptedBot(at.socketRoot, runId, () => call)
  const open = async () => (await at.tradesOf(tenantId)).filter(({ status, openedAt }) => openedAt && status === 'open')
  await until('an open position', async () => (await open()).length > 0)
  line.end()
  await at.phase(runId, 'exited')
  await until('the receipt', async () => (await at.runOf(runId)).settledAt)
  return { tenantId, runId, open }
}

t.test('what a bot left when it crashed is closed by the stop that comes before its next try', async (t) => {
  const at = await setup(t)
  const { tenantId, runId, open } = await crashed(t, at, 'close')
  t.ok((await open()).length > 0, 'while it is to run again, nothing is closed')
  await at.db.update(bots).set({ desiredState: 'stopped', generation: 2 }).where(eq(bots.tenantId, tenantId))
  await until('nothing to be open', async () => (await at.tradesOf(tenantId)).every(({ closedAt }) => closedAt))
  const exits = (await at.ordersOf(tenantId)).filter(({ purpose }) => purpose === 'exit')
  t.ok(exits.length > 0, 'with an exit order each')
  const { receipt } = await until('the receipt to know', async () => {
    const run = await at.runOf(runId)
    return run.receipt?.positionsKept.length === 0 && run
  })
  t.equal(receipt?.positionsClosed, exits.length)
})

t.test('a crash loop closes what was left, too; who keeps positions keeps them', async (t) => {
  for (const onStop of ['close', 'keep'] as const) {
    const at = await setup(t)
    const { tenantId, open } = await crashed(t, at, onStop)
    await at.db.update(bots).set({ hold: 'crash-loop' }).where(eq(bots.tenantId, tenantId))
    if (onStop === 'close') await until('nothing to be open', async () => (await open()).length === 0)
    else {
      await until('what waited to be called off', async () =>
        (await at.tradesOf(tenantId)).every(({ openedAt, closedAt }) => openedAt || closedAt),
      )
      t.ok((await open()).length > 0)
    }
  }
})
