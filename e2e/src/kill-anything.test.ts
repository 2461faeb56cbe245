import { freePort, sharedData, until } from '@sath/testkit'
import t from 'tap'
import {
  dualMartingale,
  everything,
  expectStatus,
  type Json,
  newSubscriber,
  request,
  saveConfig,
  signIn,
  untilStatus,
} from './client.js'
import { containerPid } from './containers.js'
import { faultsOf } from './coverage-of-candles.js'
import { dockerHost, startSath, temporaryHome } from './sath.js'

const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')
const skip = !dockerHost ? 'no Docker engine' : !recording ? 'no recorded candles' : false
const password = 'correct horse battery staple'

t.test(
  'any process of ours may be killed: the bot goes on as the same run, and nothing is lost or doubled',
  { skip },
  async (t) => {
    const options = {
      engine: 'docker',
      feed: `replay:${recording}?speed=40`,
      home: temporaryHome(t),
      port: await freePort(),
    } as const
    let sath = await startSath(t, options)
    const ada = await newSubscriber(sath.url)
    await saveConfig(ada, dualMartingale())
    await expectStatus(202, ada.call('POST', '/bot/start'))
    const before = await untilStatus(ada, 'the bot runs', (status) => status.status === 'running', 60_000)
    const pid = await containerPid(before.run.containerId)
    const unbroken = async (client: typeof ada, what: string) => {
      const decided = (await client.get('/decisions?limit=1')).items[0]?.to
      await until(
        `new decisions after ${what}`,
        async () => (await client.get('/decisions?limit=1')).items[0]?.to !== decided,
        { everyMs: 100 },
      )
      const status = await untilStatus(client, `running after ${what}`, (now) => now.status === 'running')
      t.match(
        status.run,
        { id: before.run.id, epoch: 1, containerId: before.run.containerId },
        `the same run after ${what}`,
      )
      t.equal(await containerPid(before.run.containerId), pid, `the same process after ${what}`)
    }
    for (const program of ['gateway', 'orchestrator', 'worker', 'api']) {
      const old = sath.pidOf(program)
      process.kill(old, 'SIGKILL')
      await until(`a new ${program}`, () => sath.pidOf(program) !== old)
      await ready(sath.url)
      await unbroken(ada, `killing the ${program}`)
    }

    await sath.kill()
    sath = await startSath(t, options)
    const again = await signIn(sath.url, ada.email, password)
    await unbroken(again, 'killing the launcher')

    t.equal(await sath.stop(), 0)
    t.equal(await containerPid(before.run.containerId), pid, 'a stop of Sath leaves the bot running')
    sath = await startSath(t, options)
    await ready(sath.url)
    const last = await signIn(sath.url, ada.email, password)
    await unbroken(last, 'a stop and a start')

    await expectStatus(202, last.call('POST', '/bot/stop'))
    await untilStatus(last, 'a proven stop', (status) => status.status === 'stopped' && status.lastStop?.proven, 90_000)
    t.same(faultsOf(await everything(last, '/decisions')), [], 'every candle has exactly one decision')
    const { items } = await last.get('/trades?limit=100')
    const keys = items.map((trade: Json) => `${trade.strategyId} ${trade.symbol} ${trade.signalTime}`)
    t.equal(new Set(keys).size, keys.length, 'no signal was traded twice')
    t.same(
      items.filter((trade: Json) => ['pending', 'unknown'].includes(trade.status)),
      [],
      'no order is forgotten',
    )
  },
)

async function ready(url: string): Promise<void> {
  await until('readiness', async () => (await fetch(`${url}/readyz`)).status === 200, { everyMs: 100 })
  await request(url, 'GET', '/strategies')
}
