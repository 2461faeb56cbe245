import { realInflux, realRedis, sharedData, until } from '@sath/testkit'
import t from 'tap'
import {
  dualMartingale,
  everything,
  expectStatus,
  type Json,
  newSubscriber,
  saveConfig,
  untilStatus,
} from './client.js'
import { faultsOf } from './coverage-of-candles.js'
import { dockerHost, startSath } from './sath.js'

const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')

t.test('the main job on real Redis, InfluxDB and Docker; Redis and InfluxDB may stop and start under it', async (t) => {
  const redis = await realRedis(t)
  const influx = await realInflux(t, ['sath'])
  if (!dockerHost || !recording || !redis || !influx) {
    t.test('real services', { skip: 'needs a Docker engine, recorded candles, redis-server and influxd' }, () => {})
    return
  }
  const sath = await startSath(t, {
    engine: 'docker',
    feed: `replay:${recording}?speed=60`,
    env: {
      REDIS_URL: redis.url,
      INFLUX_URL: influx.url,
      INFLUX_TOKEN: influx.token,
      INFLUX_ORG: 'sath',
      INFLUX_BUCKET: 'sath',
    },
  })
  const ada = await newSubscriber(sath.url)
  await saveConfig(ada, dualMartingale())
  await expectStatus(202, ada.call('POST', '/bot/start'))
  const { run } = await untilStatus(ada, 'the bot runs', (status) => status.status === 'running', 60_000)
  const stored = async () => {
    const [row] = await influx.query('sath', 'select count(value) from /.*/').catch(() => [])
    return Number(row?.count ?? 0)
  }
  await until('metrics in InfluxDB', async () => (await stored()) > 0, { everyMs: 200 })
  t.ok((await ada.get('/metrics')).series.length > 0, 'and they are read from there')

  const decided = async () => (await ada.get('/decisions?limit=1')).items[0]?.to
  const goesOn = async (what: string) => {
    const before = await decided()
    await until(`decisions go on while ${what}`, async () => (await decided()) !== before, { everyMs: 100 })
    t.match((await ada.get('/bot/status')).run, { id: run.id, epoch: 1 }, what)
  }
  await redis.stop()
  await goesOn('Redis is down')
  await redis.start()
  await goesOn('Redis is back and empty')
  await influx.stop()
  await goesOn('InfluxDB is down')
  await influx.start()
  const before = await stored()
  await until('metrics are stored again', async () => (await stored()) > before, { timeoutMs: 60_000, everyMs: 200 })

  await expectStatus(202, ada.call('POST', '/bot/stop'))
  await untilStatus(ada, 'a proven stop', (status) => status.status === 'stopped' && status.lastStop?.proven, 90_000)
  t.same(faultsOf(await everything(ada, '/decisions')), [], 'every candle has exactly one decision')
  const { items } = await ada.get('/trades?limit=100')
  t.same(
    items.filter((trade: Json) => ['pending', 'unknown'].includes(trade.status)),
    [],
    'no order is forgotten',
  )
  t.equal(await sath.stop(), 0)
})
