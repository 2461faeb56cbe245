import { bucketStart, type Candle } from '@sath/core'
import { candlesBetween } from '@sath/db'
import { openFeed } from '@sath/feeds'
import { binancePeer } from '@sath/feeds/testing'
import { until, walk } from '@sath/testkit'
import t from 'tap'
import { type Line, scriptedBot } from './testing/bots.js'
import { setup } from './testing/setup.js'

const minuteMs = 60_000
const before = 3_000
const symbol = 'BTCUSDT'

t.setTimeout(300_000)

t.test('Binance: each candle stored once, told to every bot, and a hole filled after a cut', async (t) => {
  const noon = Math.floor(Date.now() / minuteMs) * minuteMs
  const series = walk(before + 20, { start: noon - before * minuteMs, seed: 9 })
  const at = (minute: number) => series[before + minute] as Candle
  const peer = await binancePeer(t)
  peer.series.set(symbol, series)
  peer.state.now = noon + 1_000
  const { feed } = await openFeed('binance', { binance: peer.urls })

  const system = await setup(t)
  const [one, two] = [await system.tenant(), await system.tenant()]
  await system.gateway(feed)
  const enter = (candle: Candle) =>
    candle.time === noon ? ({ direction: 'call', stake: '1.00' } as const) : ('none' as const)
  const first = scriptedBot(system.socketRoot, one.runId, enter)
  t.teardown(() => first.end())
  await until('the first bot', () => welcomed(first))
  const asked = history(peer.state.requests)
  const second = scriptedBot(system.socketRoot, two.runId, () => 'none')
  t.teardown(() => second.end())
  await until('the second bot', () => welcomed(second))
  t.equal(history(peer.state.requests), asked, 'the second bot’s warm-up cost no request')
  await until('the subscription', () => peer.subscribed().length > 0)
  t.same(peer.subscribed(), ['btcusdt@kline_1m'], 'one for both')

  peer.push(symbol, at(0), false)
  peer.push(symbol, at(0), true)
  peer.push(symbol, at(0), true)
  await until('the minute', () => [first, second].every((bot) => minutesOf(bot, noon).length > 0))

  peer.cutStreams()
  await until('the cut', () => peer.subscribed().length === 0)
  await until('another connection', () => peer.subscribed().length > 0)
  peer.state.now = noon + 8 * minuteMs + 1_000
  peer.push(symbol, at(7), true)
  const all = [0, 1, 2, 3, 4, 5, 6, 7]
  await until('the hole to be filled', () => [first, second].every((bot) => minutesOf(bot, noon).length >= all.length))
  for (const bot of [first, second]) t.same(minutesOf(bot, noon), all.map(at), 'in order, each once, as Binance has it')

  const stored = (timeframe: 'M1' | 'M5', from: number) =>
    candlesBetween(system.db, { source: 'binance', symbol, timeframe }, from, noon + 20 * minuteMs)
  t.same(await stored('M1', noon), all.map(at), 'stored once')
  const from = bucketStart(noon, 'M5')
  const [bar] = await stored('M5', from)
  const five = series.filter(({ time }) => time >= from && time < from + 5 * minuteMs)
  t.match(bar, { time: from, open: five[0]?.open, high: Math.max(...five.map(({ high }) => high)) })
  t.equal(bar?.close, five[4]?.close, 'and five of them make an M5, across history, stream and hole')

  const [trade] = await until('the trade to be settled', async () => {
    const trades = await system.tradesOf(one.tenantId)
    return trades.every(({ closedAt }) => closedAt) && trades.length > 0 && trades
  })
  t.match(trade, { source: 'binance', signalTime: new Date(noon), closedAt: new Date(noon + 2 * minuteMs) })
  t.same([Number(trade?.entryPrice), Number(trade?.exitPrice)], [at(1).open, at(1).close], 'on a minute of the hole')
  t.same(await system.tradesOf(two.tenantId), [])
})

for (const [what, offMs] of [
  ['slow', 3_600_000],
  ['fast', -3_600_000],
] as const)
  t.test(`a clock of ours that is an hour ${what} takes neither backfill for news nor news for old`, async (t) => {
    const noon = Math.floor((Date.now() + offMs) / minuteMs) * minuteMs
    const series = walk(before + 20, { start: noon - before * minuteMs, seed: 9 })
    const at = (minute: number) => series[before + minute] as Candle
    const peer = await binancePeer(t)
    peer.series.set(symbol, series)
    // What closed at noon is old by now.
    peer.state.now = noon + 30_000
    const { feed } = await openFeed('binance', { binance: peer.urls })
    const system = await setup(t)
    const { tenantId, runId } = await system.tenant()
    await system.gateway(feed)
    const bot = scriptedBot(system.socketRoot, runId, () => ({ direction: 'call', stake: '1.00' }))
    t.teardown(() => bot.end())
    await until('the bot', () => welcomed(bot))
    await until('the subscription', () => peer.subscribed().length > 0)
    const entered = async () =>
      (await system.tradesOf(tenantId)).map(({ signalTime }) => (signalTime.getTime() - noon) / minuteMs)
    for (const minute of [0, 7]) {
      peer.state.now = noon + (minute + 1) * minuteMs + 50
      peer.push(symbol, at(minute), true)
      await until(`an entry at minute ${minute}`, async () => (await entered()).includes(minute))
    }
    const told = bot.heard.flatMap((message) =>
      message.type === 'candle' && message.candle.time >= noon && message.key.timeframe === 'M1' ? message.mode : [],
    )
    t.same(told, ['live', ...Array(6).fill('stale'), 'live'], 'the hole is filled, and is no occasion to enter')
    t.same(await entered(), [0, 7])
  })

const welcomed = (bot: Line) => bot.heard.some(({ type }) => type === 'welcome')
const history = (requests: readonly string[]) => requests.filter((path) => path.startsWith('/api/v3/klines')).length

/** Closed minutes a bot was told, from `from` on. */
function minutesOf({ heard }: Line, from: number): Candle[] {
  return heard.flatMap((message) =>
    message.type === 'candle' && message.key.timeframe === 'M1' && message.candle.time >= from ? [message.candle] : [],
  )
}
