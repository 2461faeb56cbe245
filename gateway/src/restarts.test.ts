import { until, walk, wildClock } from '@sath/testkit'
import t from 'tap'
import { engineBot } from './testing/bots.js'
import { type GatewayProcess, gatewayProcess } from './testing/gateway-process.js'
import { config, recording, type Setup, setup, start, strategy } from './testing/setup.js'

const minutes = 240

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

t.setTimeout(300_000)
t.test('a gateway or a bot killed at any moment changes no decision, no order and no balance', async (t) => {
  const market = { BTCUSDT: walk(minutes, { start, seed: 3 }), ETHUSDT: walk(minutes, { start, seed: 4 }) }
  const feed = recording(t, market, 150)
  const lastDecision = start + (minutes - 1) * 60_000

  async function play(
    disturb: (at: Setup, gateway: GatewayProcess, cut: () => void) => Promise<void>,
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
      { timeoutMs: 120_000, everyMs: 50 },
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
