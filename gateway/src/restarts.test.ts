import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until, walk, wildClock } from '@sath/testkit'
import { createKeyFiles } from '@sath/vault/open'
import t from 'tap'
import { engineBot } from './testing/bots.js'
import { config, node, recording, type Setup, setup, start, strategy, type Test } from './testing/setup.js'

const minutes = 240
const main = fileURLToPath(new URL('./main.js', import.meta.url))

/** The gateway as a process of its own, to be killed without warning. */
async function gatewayProcess(t: Test, at: Setup, feed: string, flags: readonly string[]) {
  const folder = mkdtempSync('/tmp/sath-keys-')
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const keys = { opening: join(folder, 'opening.json'), public: join(folder, 'public.json') }
  await createKeyFiles(keys)
  let child: ChildProcess | undefined
  t.teardown(() => child?.kill('SIGKILL'))
  return {
    async start(): Promise<void> {
      const env = {
        PATH: process.env.PATH,
        DATABASE_URL: at.url,
        SATH_NODE: node,
        SATH_SOCKET_ROOT: at.socketRoot,
        SATH_FEED: feed,
        VAULT_PRIVATE_FILE: keys.opening,
        LOG_LEVEL: 'warn',
      }
      const started = spawn(process.execPath, [...flags, main], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      child = started
      const [said] = (await once(started, 'message')) as [{ sath: string }]
      if (said.sath === 'fatal') throw new Error(JSON.stringify(said))
    },
    async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
      const ending = child
      if (!ending) return null
      const gone = once(ending, 'exit')
      ending.kill(signal)
      const [code] = (await gone) as [number | null]
      return code
    },
  }
}

/** What a bot did, in words that do not depend on ids. */
async function story(at: Setup, tenantId: string): Promise<string[]> {
  const rows = await at.tradesOf(tenantId)
  return rows.map((row) =>
    [
      row.signalTime.getTime(),
      row.direction,
      row.level,
      row.stake,
      row.status,
      row.entryPrice,
      row.exitPrice,
      row.profit,
      row.closedAt?.getTime(),
    ].join(' '),
  )
}

const wish = () =>
  config({
    capital: '1000.00',
    strategies: [
      strategy({ id: '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c03', strategy: 'rsi-reversal', confirmTimeframe: 'M5' }),
      strategy({
        id: '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c01',
        params: { fast: 3, slow: 8 },
        expiryCandles: 2,
      }),
      strategy({
        id: '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c02',
        strategy: 'macd-cross',
        symbols: ['ETHUSDT'],
        timeframe: 'M5',
      }),
    ],
  })

t.setTimeout(90_000)
t.test('a gateway or a bot killed at any moment changes no decision, no order and no balance', async (t) => {
  const market = { BTCUSDT: walk(minutes, { start, seed: 3 }), ETHUSDT: walk(minutes, { start, seed: 4 }) }
  const feed = recording(t, market, 150)
  const lastDecision = start + (minutes - 1) * 60_000

  async function play(
    disturb: (at: Setup, gateway: Awaited<ReturnType<typeof gatewayProcess>>, cut: () => void) => Promise<void>,
    flags: readonly string[] = [],
  ) {
    const at = await setup(t)
    const { tenantId, runId } = await at.tenant(wish())
    const gateway = await gatewayProcess(t, at, feed, flags)
    await gateway.start()
    const bot = engineBot(at.socketRoot, runId)
    t.teardown(() => bot.end())
    await disturb(at, gateway, bot.cut)
    await until(
      'the last candle to be decided',
      async () =>
        (await at.decisionsOf(tenantId)).some((line) => line.startsWith('BTC') && line.includes(` ${lastDecision} `)),
      { timeoutMs: 40_000, everyMs: 50 },
    )
    await until('nothing to be open', async () => (await at.tradesOf(tenantId)).every(({ closedAt }) => closedAt))
    bot.end()
    const orders = await at.ordersOf(tenantId)
    t.ok(orders.every(({ status }) => status === 'accepted'))
    const result = {
      decisions: await at.decisionsOf(tenantId),
      trades: await story(at, tenantId),
      orders: orders.length,
    }
    t.equal(await gateway.kill('SIGTERM'), 0, 'and it ends cleanly when asked to')
    return result
  }

  const calm = await play(async () => {})
  t.ok(calm.trades.length > 10, `there is something to compare: ${calm.trades.length} trades`)
  const stormy = await play(async (_, gateway, cut) => {
    for (let n = 0; n < 3; n++) {
      await new Promise((resolve) => setTimeout(resolve, 120 + 77 * n))
      await gateway.kill()
      await gateway.start()
      await new Promise((resolve) => setTimeout(resolve, 150))
      cut()
    }
  })
  t.same(stormy, calm)

  const jumping = await play(async () => {}, ['--import', wildClock])
  t.same(jumping, calm, 'nor does a wall clock that jumps an hour with every look')
})
