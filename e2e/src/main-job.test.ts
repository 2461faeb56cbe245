import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sharedData, until } from '@sath/testkit'
import t from 'tap'
import WebSocket from 'ws'
import { dualMartingale, expectStatus, type Json, newSubscriber, saveConfig, signIn, untilStatus } from './client.js'
import { untilRemoved } from './containers.js'
import { admin, docker, dockerHost, startSath } from './sath.js'

const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')
const skip = !dockerHost ? 'no Docker engine' : !recording ? 'no recorded candles' : false

t.test('a subscriber runs a bot in a container, from sign-up to receipt', { skip }, async (t) => {
  const sath = await startSath(t, { engine: 'docker', feed: `replay:${recording}?speed=400` })
  const ada = await newSubscriber(sath.url)
  const key = await expectStatus(
    201,
    ada.call('POST', '/keys/exchange', {
      broker: 'binance',
      environment: 'testnet',
      credentials: { apiKey: 'public-key-1234', secret: 'CANARY-main-job-secret' },
    }),
  )
  t.match(key.body, { broker: 'binance', hint: '1234', balance: null })
  t.notMatch(JSON.stringify(key.body), /CANARY/)

  t.match(await ada.call('POST', '/bot/start'), { status: 422, body: { code: 'config-missing' } })
  await saveConfig(ada, dualMartingale())
  const heard = await listen(t, sath.url, ada.accessToken, ['logs', 'bot', 'signals', 'trades', 'candles:BTCUSDT:M1'])
  await expectStatus(202, ada.call('POST', '/bot/start'))
  const running = await untilStatus(ada, 'the bot runs', (status) => status.status === 'running', 60_000)
  t.match(running.run, { engine: 'docker', epoch: 1 })

  const facts = await docker().getContainer(running.run.containerId).inspect()
  t.match(facts.HostConfig, { NetworkMode: 'none', ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false })
  t.equal(facts.State.Running, true)

  const settled = await until(
    'trades above the first level, settled',
    async () => {
      const { items } = await ada.get('/trades?limit=100')
      const done = items.filter((trade: Json) => ['win', 'loss', 'tie'].includes(trade.status))
      return done.length >= 6 && done.some((trade: Json) => trade.level > 0) && done
    },
    { timeoutMs: 90_000, everyMs: 200 },
  )
  for (const trade of settled) {
    t.match(trade, { symbol: 'BTCUSDT', account: 'paper', currency: 'USD', instrument: 'binary' })
    t.equal(Number(trade.stake), 2 ** trade.level, 'the stake is the ladder’s')
  }
  t.match(await ada.get('/signals'), { items: [{ symbol: 'BTCUSDT' }] })
  t.match(await ada.get('/decisions'), { items: [{ symbol: 'BTCUSDT' }] })
  t.ok((await ada.get('/candles?symbol=BTCUSDT&timeframe=M5')).items.length > 0)
  await until('log lines', async () => (await ada.get('/logs')).items.length > 0)
  await until('metrics', async () => (await ada.get('/metrics')).series.length > 0)
  t.ok(readdirSync(join(sath.tenantsDir, ada.userId, 'logs')).length > 0, 'logs lie in the tenant’s own folder')
  for (const topic of ['logs', 'bot', 'signals', 'trades', 'candles:BTCUSDT:M1']) {
    await until(`live ${topic}`, () => heard.has(topic))
  }

  await expectStatus(202, ada.call('POST', '/bot/stop'))
  const stopped = await untilStatus(
    ada,
    'a proven stop',
    (status) => status.status === 'stopped' && status.lastStop?.proven,
    90_000,
  )
  t.match(stopped.lastStop, { runId: running.run.id, exitCode: 0, by: 'user', openOrders: 0, proven: true })
  await untilRemoved(running.run.containerId)

  const bob = await newSubscriber(sath.url)
  await saveConfig(bob, dualMartingale())
  await expectStatus(202, bob.call('POST', '/bot/start'))
  const bobRuns = await untilStatus(bob, 'the second bot runs', (status) => status.status === 'running', 60_000)
  const root = await signIn(sath.url, admin.email, admin.password)
  await expectStatus(
    202,
    root.call('POST', `/admin/bots/${bob.userId}/stop`, { mode: 'force', reason: 'test', hold: true }),
  )
  const held = await untilStatus(
    bob,
    'the held bot is stopped',
    (status) => status.status === 'stopped' && status.hold === 'admin' && status.lastStop,
    60_000,
  )
  t.match(held.lastStop, { runId: bobRuns.run.id, by: 'admin' })
  t.match(await bob.call('POST', '/bot/start'), { status: 409, body: { code: 'held' } })
  await expectStatus(202, root.call('POST', `/admin/bots/${bob.userId}/release`))
  await expectStatus(202, bob.call('POST', '/bot/start'))
  const released = await untilStatus(bob, 'the released bot runs', (status) => status.status === 'running', 60_000)
  t.equal(released.run.epoch, 3, 'the force stop used up an epoch')
  await expectStatus(202, bob.call('POST', '/bot/stop'))
  await untilStatus(bob, 'the last stop', (status) => status.lastStop?.proven && status.status === 'stopped', 90_000)
  t.equal(await sath.stop(), 0)
})

/** The topics of which at least one message came. */
async function listen(
  t: { teardown(run: () => unknown): void },
  url: string,
  accessToken: string,
  topics: readonly string[],
): Promise<Set<string>> {
  const heard = new Set<string>()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`)
  t.teardown(() => socket.terminate())
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('message', (data) => heard.add(JSON.parse(String(data)).topic))
  socket.send(JSON.stringify({ accessToken }))
  socket.send(JSON.stringify({ subscribe: topics }))
  return heard
}
