import { freePort, sharedData, until } from '@sath/testkit'
import t from 'tap'
import { type Client, dualMartingale, expectStatus, type Json, newSubscriber, saveConfig } from './client.js'
import { startSath, temporaryHome } from './sath.js'

const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')

t.test(
  'a subscriber back-tests what the market sent, and a killed worker comes back to its job',
  { skip: recording ? false : 'the recorded candles are not here', timeout: 300_000 },
  async (t) => {
    const feed = `replay:${recording}?speed=1000`
    const sath = await startSath(t, { engine: 'process', feed, home: temporaryHome(t), port: await freePort() })
    const ada = await newSubscriber(sath.url)
    await saveConfig(ada, dualMartingale())
    await expectStatus(202, ada.call('POST', '/bot/start'))
    await until(
      'half an hour of candles',
      async () => (await ada.get('/candles?symbol=BTCUSDT&limit=30')).items.length === 30,
      {
        timeoutMs: 90_000,
        everyMs: 200,
      },
    )

    const saved = await ask(ada, '/backtests', {})
    t.match(await ended(ada, saved), { status: 'done', report: { candles: Number, series: [{ symbol: 'BTCUSDT' }] } })
    const none = await ask(ada, '/backtests', { strategy: 'ema-cross', symbol: 'NONE' })
    t.match(await ended(ada, none), { status: 'failed', error: /^No candles stored for NONE \(replay\)/ })

    const long = { preset: 'classic-80', cycles: 2_000, scenarios: 50_000 }
    const path = await ask(ada, '/simulations', long)
    await until('it is under way', async () => (await ada.get(path)).progress > 0, { everyMs: 50 })
    const killed = sath.pidOf('worker')
    process.kill(killed, 'SIGKILL')
    await until('another worker', () => sath.pidOf('worker') !== killed, { everyMs: 50 })
    t.match(await ended(ada, path), { status: 'done', report: { monteCarlo: { scenarios: 50_000 } } })
    t.equal((await ada.get('/simulations')).items.length, 1)
    await expectStatus(202, ada.call('POST', '/bot/stop'))
    t.equal(await sath.stop(), 0)
  },
)

async function ask(client: Client, path: string, body: object): Promise<string> {
  const { body: job } = await expectStatus(202, client.call('POST', path, body))
  return `${path}/${job.id}`
}

async function ended(client: Client, path: string): Promise<Json> {
  return until(
    `the end of ${path}`,
    async () => {
      const job = await client.get(path)
      return job.finishedAt && job
    },
    { timeoutMs: 60_000, everyMs: 100 },
  )
}
