import type { Candle, StrategyConfig } from '@sath/core'
import { bots } from '@sath/db'
import { candles, until } from '@sath/testkit'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { decision, openLine, scriptedBot } from './testing/bots.js'
import { config, recording, setup, start, strategy } from './testing/setup.js'

const minuteMs = 60_000
const minute = (n: number) => start + n * minuteMs
/** Entries at 100; a fall to 97 over twenty minutes later; a recovery to 99, and much time. */
const market = candles([...Array(25).fill(100), 97, ...Array(175).fill(99)], { start })
/** The market stands still at the close of this minute until the test lets it go. */
const heldAt = minute(3)

t.setTimeout(300_000)

t.test('stop-loss, take-profit and timed close come without a bot, and over a restart of the gateway', async (t) => {
  const at = await setup(t)
  const feed = recording(t, { BTCUSDT: market })
  const timing = { lockStepMs: 60_000, sweepMs: 100 }
  const spot = (risk: StrategyConfig['risk']) =>
    config({ onStop: 'keep', strategies: [strategy({ instrument: 'spot', expiryCandles: 40, stake: '10.00', risk })] })
  const holders = {
    stopped: { direction: 'call', ...(await at.tenant(spot({ stopLossPct: 2 }))) },
    taken: { direction: 'put', ...(await at.tenant(spot({ takeProfitPct: 1 }))) },
    timed: { direction: 'call', ...(await at.tenant(spot({ stopLossPct: 4, takeProfitPct: 4 }))) },
  } as const
  const all = Object.values(holders)
  const brake = await at.tenant()
  const first = await at.gateway(feed, { timing })

  const lines = all.map(({ runId, direction }) =>
    scriptedBot(at.socketRoot, runId, ({ time }) => (time === start ? { direction, stake: '10.00' } : 'none')),
  )
  const holding = openLine(at.socketRoot, brake.runId, (message, line) => {
    const welcome = line.heard.find((each) => each.type === 'welcome')
    if (message.type !== 'candle' || message.mode === 'warm-up' || message.candle.time >= heldAt || !welcome) return
    line.say(decision(welcome, brake.strategyId, 'BTCUSDT', message.candle.time))
  })
  holding.socket.on('connect', () => holding.say({ type: 'hello', protocol: 1, bundle: 'test' }))
  await until('the market to stand still', () =>
    holding.heard.some((message) => message.type === 'candle' && message.candle.time === heldAt),
  )
  for (const { tenantId } of all) {
    const [trade] = await at.tradesOf(tenantId)
    t.match(trade, { status: 'open', openedAt: new Date(minute(1)), expiresAt: new Date(minute(41)) })
    t.equal(Number(trade?.entryPrice), 100)
  }

  // Two die; one is stopped by its owner, who keeps what is open.
  await at.db.update(bots).set({ desiredState: 'stopped' }).where(eq(bots.tenantId, holders.timed.tenantId))
  for (const line of lines) line.end()
  for (const { tenantId, runId } of all) {
    await at.phase(runId, 'exited')
    const receipt = await until('the receipt', async () => (await at.runOf(runId)).receipt)
    const [trade] = await at.tradesOf(tenantId)
    t.match(receipt, { openOrders: 0, positionsClosed: 0, problems: [] }, 'proven')
    t.match(
      receipt.positionsKept,
      [{ tradeId: trade?.id, expiresAt: new Date(minute(41)).toISOString() }],
      'and what is open is listed with its timed close',
    )
  }

  await first.close()
  holding.end()
  await at.phase(brake.runId, 'exited')
  await at.gateway(feed, { timing })
  const closed = async ({ tenantId }: { tenantId: string }) => {
    const [trade] = await until('the exit', async () => {
      const trades = await at.tradesOf(tenantId)
      return trades[0]?.closedAt && trades
    })
    const { status, exitPrice, profit, closedAt } = trade ?? {}
    return { status, exitPrice: Number(exitPrice), profit: Number(profit), closedAt: closedAt?.getTime() }
  }
  const fall = minute(26)
  t.same(await closed(holders.stopped), { status: 'loss', exitPrice: 98, profit: -0.2, closedAt: fall })
  t.same(await closed(holders.taken), { status: 'win', exitPrice: 99, profit: 0.1, closedAt: fall })
  t.same(await closed(holders.timed), { status: 'loss', exitPrice: 99, profit: -0.1, closedAt: minute(41) })
  for (const { tenantId, runId } of all) {
    t.equal((await at.tradesOf(tenantId)).length, 1, 'one trade each')
    t.match((await at.runOf(runId)).receipt, { openOrders: 0, problems: [] })
  }
})

t.test('a gap over the stop fills where the market opens, not at the stop', async (t) => {
  const at = await setup(t)
  const gap: Candle[] = candles([100, 100, 100, 100], { start })
  const after = candles([90, 90, 90, 90], { start: minute(4) })
  const config_ = config({
    strategies: [strategy({ instrument: 'spot', expiryCandles: 40, risk: { stopLossPct: 2 } })],
  })
  const { tenantId, runId } = await at.tenant(config_)
  await at.gateway(recording(t, { BTCUSDT: [...gap, ...after] }))
  const bot = scriptedBot(at.socketRoot, runId, ({ time }) =>
    time === start ? { direction: 'call', stake: '10.00' } : 'none',
  )
  t.teardown(() => bot.end())
  const trade = await until('the exit', async () => (await at.tradesOf(tenantId)).find(({ closedAt }) => closedAt))
  t.same([Number(trade.exitPrice), Number(trade.profit), trade.closedAt], [90, -1, new Date(minute(5))])
})
