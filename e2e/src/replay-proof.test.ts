import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBacktest, createReport } from '@sath/backtest'
import { type BotConfig, type Candle, paperPayout } from '@sath/core'
import { sharedData, until } from '@sath/testkit'
import t from 'tap'
import { type Client, expectStatus, newSubscriber, saveConfig, signIn, untilStatus } from './client.js'
import { candlesDecided, keptDecisionHash } from './kept-decisions.js'
import { admin, docker, dockerHost, startSath, temporaryHome } from './sath.js'

const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')
const skip = !dockerHost ? 'no Docker engine' : !recording ? 'no recorded candles' : false
/** Eight hours from before the flash crash of 5 December 2024 to after midnight in São Paulo. */
const [from, minutes] = [Date.UTC(2024, 11, 5, 20), 480]
const password = 'correct horse battery staple'

const strategies = [
  'rsi-reversal',
  'macd-cross',
  'bollinger-bounce',
  'ema-cross',
  'stochastic',
  'adx-trend',
  'donchian-breakout',
  'price-action',
]

/** All eight with dual martingale, under limits that bite: of a day that ends during the recording, of stakes, of losses. */
const config: BotConfig = {
  mode: 'paper',
  onStop: 'keep',
  capital: '10000.00',
  timezone: 'America/Sao_Paulo',
  risk: { maxDailyLoss: '40', maxExposure: '25', maxTradesPerDay: 30 },
  strategies: strategies.map((strategy, index) => ({
    id: randomUUID(),
    name: strategy,
    enabled: true,
    strategy,
    params: {},
    symbols: ['BTCUSDT'],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '10.00',
    martingale: {
      plan: index % 2 === 0 ? 'break-even' : 'classic',
      ladder: 'dual',
      next: index % 4 === 0 ? 'candle' : 'signal',
      multiplier: '2.0',
      maxLevel: 2,
    },
    risk: { cooldownCandles: 2, cooldownAfterLosses: 2 },
  })),
}

t.test(
  'a bot in a container decides on a recording as the back-test of that file, though it and all around it are killed',
  { skip, timeout: 240_000 },
  async (t) => {
    const home = temporaryHome(t)
    const path = join(home, 'BTCUSDT_M1_slice.csv')
    const candles = writeSlice(recording ?? '', path)
    const expected = backtestOf(candles)
    t.ok(expected.trades > 20, `${expected.trades} trades`)

    const port = 20_000 + (process.pid % 10_000)
    const start = (speed: number) =>
      startSath(t, { engine: 'docker', feed: `replay:${path}?speed=${speed}`, home, port })
    // Between two bars of M5 there is time enough for a new container.
    let sath = await start(0.5)
    const ada = await newSubscriber(sath.url)
    const root = await signIn(sath.url, admin.email, admin.password)
    await expectStatus(200, root.call('PUT', `/admin/users/${ada.userId}`, { plan: 'enterprise' }))
    await saveConfig(ada, config)
    await expectStatus(202, ada.call('POST', '/bot/start'))
    const first = await untilStatus(ada, 'the bot runs', ({ status }) => status === 'running', 60_000)
    await decided(ada, 1)
    await docker().getContainer(first.run.containerId).kill()
    await untilStatus(ada, 'another run', ({ status, run }) => status === 'running' && run.epoch === 2, 30_000)

    await sath.kill()
    sath = await start(60)
    const again = await signIn(sath.url, ada.email, password)
    await decided(again, 40)
    process.kill(sath.pidOf('gateway'), 'SIGKILL')
    await decided(again, minutes / 5)
    t.equal(await keptDecisionHash(again), expected.hash, 'what is kept of the session has the hash of the back-test')
    t.equal(await hashOfStoredCandles(again), expected.hash, 'so has a back-test of the candles that it was given')

    await expectStatus(202, again.call('POST', '/bot/stop'))
    await untilStatus(again, 'a stop', ({ status }) => status === 'stopped', 90_000)
    t.equal(await sath.stop(), 0)
  },
)

/** Waits until every strategy has decided on that many candles. */
async function decided(client: Client, candles: number): Promise<void> {
  await until(
    `${candles} candles decided`,
    async () => {
      const counts = [...(await candlesDecided(client)).values()]
      return counts.length === strategies.length && counts.every((count) => count >= candles)
    },
    { timeoutMs: 120_000, everyMs: 200 },
  )
}

/** A back-test as a subscriber asks for it: the saved configuration over the candles that Sath has stored. */
async function hashOfStoredCandles(client: Client): Promise<string> {
  const { body } = await expectStatus(202, client.call('POST', '/backtests', {}))
  const job = await until(
    'the end of the back-test',
    async () => {
      const now = await client.get(`/backtests/${body.id}`)
      return now.finishedAt && now
    },
    { timeoutMs: 60_000, everyMs: 100 },
  )
  return job.report?.decisionHash ?? job.error
}

function backtestOf(candles: readonly Candle[]): { hash: string; trades: number } {
  const input = { config, defaultSource: 'replay', payout: paperPayout, spread: '0' }
  const observer = createReport(input)
  const backtest = createBacktest(input, observer)
  const key = { source: 'replay', symbol: 'BTCUSDT', timeframe: 'M1' } as const
  for (const candle of candles) backtest.push(key, candle)
  backtest.finish()
  const { decisionHash, trades } = observer.report()
  return { hash: decisionHash, trades }
}

/** Copies a few hours of the recording to a file of their own; returns what is in it. */
function writeSlice(recording: string, path: string): Candle[] {
  const [header, ...lines] = readFileSync(recording, 'utf8').trim().split('\n')
  const slice = lines.filter((line) => Number(line.split(',')[0]) >= from).slice(0, minutes)
  writeFileSync(path, `${[header, ...slice].join('\n')}\n`)
  return slice.map((line) => {
    const [time = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = line.split(',').map(Number)
    return { time, open, high, low, close, volume }
  })
}
