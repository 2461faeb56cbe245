import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sharedData, until } from '@sath/testkit'
import t from 'tap'
import {
  type Client,
  dualMartingale,
  everything,
  expectStatus,
  type Json,
  newSubscriber,
  saveConfig,
  untilStatus,
} from './client.js'
import { faultsOf } from './coverage-of-candles.js'
import { dockerHost, startSath, temporaryHome } from './sath.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')
const skip = !dockerHost ? 'no Docker engine' : !recording ? 'no recorded candles' : false

t.test('a bot that has been taken over finds no way out and changes nothing for its neighbour', { skip }, async (t) => {
  const home = temporaryHome(t)
  const bundle = join(home, 'taken-over.cjs')
  const [hostile, real] = ['e2e/fixtures/hostile-bot.cjs', 'bot-runtime/dist/bot.cjs'].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  writeFileSync(bundle, `${hostile}\nfunction realBot() {\n${real}\n}\n`)
  const sath = await startSath(t, {
    engine: 'docker',
    feed: `replay:${recording}?speed=20`,
    home,
    env: { BOT_BUNDLE: bundle },
  })

  const ada = await newSubscriber(sath.url)
  await saveConfig(ada, dualMartingale())
  await expectStatus(202, ada.call('POST', '/bot/start'))
  const before = await untilStatus(ada, 'the neighbour runs', (status) => status.status === 'running', 60_000)

  const eve = await newSubscriber(sath.url)
  await saveConfig(eve, dualMartingale({ name: 'Hostile' }))
  await expectStatus(202, eve.call('POST', '/bot/start'))
  let oldestBeatMs = 0
  const held = await until(
    'the hostile bot is put on hold',
    async () => {
      const { run } = await ada.get('/bot/status')
      if (run?.lastHeartbeatAt) oldestBeatMs = Math.max(oldestBeatMs, Date.now() - Date.parse(run.lastHeartbeatAt))
      const status = await eve.get('/bot/status')
      return status.hold === 'crash-loop' && status
    },
    { timeoutMs: 180_000, everyMs: 500 },
  )
  t.equal(held.status, 'error')
  t.ok(oldestBeatMs < 15_000, `the neighbour's heartbeats kept coming (oldest ${oldestBeatMs} ms)`)
  t.match((await ada.get('/bot/status')).run, { id: before.run.id, epoch: 1 }, 'the neighbour was not restarted')

  const probes = await probesOf(eve)
  t.match(probes, {
    interfaces: /^(lo)?$/,
    'write-root': 'EROFS',
    'write-mount': 'EROFS',
    siblings: 'EACCES',
    capabilities: /^0+$/,
  })
  t.match(probes, { 'docker-socket': 'ENOENT', docker: 'ENOENT', 'host-postgres': 'ECONNREFUSED' })
  t.match(probes['write-shm'], /^E/, 'no writable place')
  t.notMatch(probes.environment, /KEY|TOKEN|SECRET|URL/i)
  t.ok(Number(probes.forks) < 100, `forks end at the limit (${probes.forks})`)
  const trades = (await eve.get('/trades?limit=100')).items
  t.same(
    trades.filter((trade: Json) => !['refused', 'cancelled'].includes(trade.status)),
    [],
    'none of its thousand intents became a trade',
  )

  await expectStatus(202, ada.call('POST', '/bot/stop'))
  await untilStatus(ada, 'a proven stop', (status) => status.lastStop?.proven, 90_000)
  t.same(faultsOf(await everything(ada, '/decisions')), [], 'the neighbour decided every candle once')
})

/** What the hostile bot saw, by probe, from its own log. */
async function probesOf(client: Client): Promise<Record<string, string>> {
  const probes: Record<string, string> = {}
  let cursor = ''
  do {
    const page = await client.get(`/logs?limit=100${cursor}`)
    for (const { fields } of page.items) if (fields?.probe) probes[fields.probe] = String(fields.result)
    cursor = page.nextCursor ? `&cursor=${encodeURIComponent(page.nextCursor)}` : ''
  } while (cursor && !probes.interfaces)
  return probes
}
