import { existsSync } from 'node:fs'
import { placeManualTrade } from '@sath/db'
import { calendar } from '@sath/engine'
import { until, walk } from '@sath/testkit'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { socketPath } from './sessions/socket-server.js'
import { engineBot } from './testing/bots.js'
import { config, recording, setup, start } from './testing/setup.js'

t.setTimeout(300_000)

t.test('with every bell lost, sweeps find the new run, the manual order, the stop and the end', async (t) => {
  const at = await setup(t)
  await at.gateway(recording(t, { BTCUSDT: walk(2_000, { start }) }, 100), { timing: { sweepMs: 100 } })
  for (const [trigger, table] of [
    ['bots_ring', 'bots'],
    ['bot_runs_ring_insert', 'bot_runs'],
    ['bot_runs_ring', 'bot_runs'],
    ['orders_ring', 'orders'],
  ] as const)
    await at.db.execute(sql.raw(`drop trigger ${trigger} on ${table}`))
  const { tenantId, runId } = await at.tenant(config())
  await until('the socket of the run', () => existsSync(socketPath(at.socketRoot, runId)))
  const bot = engineBot(at.socketRoot, runId)
  t.teardown(() => bot.end())
  await until('decisions', () => bot.seen.length > 3)
  const nobody = { id: null, address: null, agent: null }
  const wish = {
    tenantId,
    symbol: 'BTCUSDT',
    source: 'replay',
    direction: 'call',
    stake: '1.00',
    payout: '0.85',
    durationMs: 60_000,
    marketTime: start + 60_000,
  } as const
  const { id } = await placeManualTrade(at.db, nobody, wish, calendar)
  await until('the manual order to be settled', async () =>
    (await at.tradesOf(tenantId)).some((trade) => trade.id === id && trade.closedAt),
  )
  await at.phase(runId, 'stopping')
  await until('drained', async () => (await at.runOf(runId)).drainedAt)
  bot.end()
  await at.phase(runId, 'exited')
  await until('the receipt', async () => (await at.runOf(runId)).settledAt)
  t.notOk(existsSync(socketPath(at.socketRoot, runId)), 'and the socket is gone')
})
