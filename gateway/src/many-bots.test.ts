import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until, walk } from '@sath/testkit'
import t from 'tap'
import { socketPath } from './sessions/socket-server.js'
import { engineBot } from './testing/bots.js'
import { config, node, recording, type Setup, setup, start, strategy, type Test } from './testing/setup.js'

const bots = 200
const minutes = 40
const feedOf = (t: Test) => recording(t, { BTCUSDT: walk(minutes, { start, seed: 3 }) }, 100)
const wish = () => config({ capital: '1000.00', strategies: [strategy({ params: { fast: 2, slow: 3 } })] })

interface Said {
  readonly path: string
  readonly msg: string
  readonly epoch?: number
  /** Wait before it connects again. */
  readonly inMs?: number
}

function child(t: Test, file: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const started = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.teardown(() => started.kill('SIGKILL'))
  return started
}

async function gatewayProcess(t: Test, at: Setup, feed: string): Promise<ChildProcess> {
  const started = child(t, './testing/patient-gateway.js', [at.url, at.socketRoot, node, feed])
  await once(started, 'message')
  return started
}

/** What a bot did, in words that do not depend on ids. */
async function story(at: Setup, tenantId: string) {
  const trades = (await at.tradesOf(tenantId)).map((row) =>
    [row.signalTime.getTime(), row.direction, row.level, row.stake, row.status, row.profit].join(' '),
  )
  return { trades, orders: (await at.ordersOf(tenantId)).length, decisions: await at.decisionsOf(tenantId) }
}
const lastDecided = async (at: Setup, tenantId: string) =>
  (await at.decisionsOf(tenantId)).some((line) => line.includes(` ${start + (minutes - 1) * 60_000} `)) &&
  (await at.tradesOf(tenantId)).every(({ closedAt }) => closedAt)

t.setTimeout(300_000)

t.test('a gateway killed under 200 bots: all are back, not all at once, and nothing is lost or doubled', async (t) => {
  const calm = await setup(t)
  const alone = await calm.tenant(wish())
  await calm.gateway(feedOf(t))
  const bot = engineBot(calm.socketRoot, alone.runId)
  await until('a run without trouble', () => lastDecided(calm, alone.tenantId))
  bot.end()
  const expected = await story(calm, alone.tenantId)
  t.ok(expected.trades.length > 3, `${expected.trades.length} trades each`)

  const at = await setup(t)
  const tenants = await Promise.all(Array.from({ length: bots }, () => at.tenant(wish())))
  const feed = feedOf(t)
  const gateway = await gatewayProcess(t, at, feed)
  const paths = tenants.map(({ runId }) => socketPath(at.socketRoot, runId))
  const crowd = child(t, '../../bot-runtime/build/testing/bot-crowd.js', paths)
  const said: Said[] = []
  crowd.on('message', (message: Said) => void said.push(message))
  const welcomes = (from = 0) =>
    new Set(said.slice(from).flatMap(({ path, msg }) => (msg === 'welcomed' ? [path] : [])))
  await until('everybody to trade', async () => {
    const [first, last] = [tenants[0], tenants.at(-1)]
    const traded = await Promise.all([first, last].map((one) => at.tradesOf(one?.tenantId ?? '')))
    return welcomes().size === bots && traded.every((trades) => trades.length > 1)
  })

  const mark = said.length
  const gone = once(gateway, 'exit')
  gateway.kill('SIGKILL')
  await gone
  t.notOk(await lastDecided(at, tenants[0]?.tenantId ?? ''), 'in the middle of it')
  await gatewayProcess(t, at, feed)
  await until('everybody to be back', () => welcomes(mark).size === bots)
  const waits = said.slice(mark).flatMap(({ inMs }) => inMs ?? [])
  t.ok(new Set(waits).size > 20, `they waited ${Math.min(...waits)} to ${Math.max(...waits)} ms, not all the same`)

  const different = await Promise.all(
    tenants.map(async ({ tenantId, runId }) => {
      await until('the last candle', () => lastDecided(at, tenantId), { timeoutMs: 120_000, everyMs: 500 })
      const own = await story(at, tenantId)
      const { epoch, phase } = await at.runOf(runId)
      const isSame = JSON.stringify(own) === JSON.stringify(expected) && epoch === 1 && phase === 'running'
      return isSame ? [] : [{ own, epoch, phase }]
    }),
  )
  const wrong = different.flat()
  t.same(wrong.slice(0, 1), [], `${wrong.length} of ${bots} are not as if nothing had been`)
  t.ok(
    said.every(({ epoch }) => epoch === undefined || epoch === 1),
    'the same epochs',
  )
})
