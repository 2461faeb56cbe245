import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Candle } from '@sath/core'
import t, { type Test } from 'tap'
import { createBinanceFeed } from './binance.js'
import { createBinanceClient } from './binance-client.js'
import { binancePeer } from './binance-peer.fixture.js'
import type { FeedStatus, Gap } from './feed.js'
import { openFeed } from './open-feed.js'
import { systemTimer, type Timer } from './timer.js'

const minuteMs = 60_000
const noon = Date.UTC(2026, 3, 1, 12)

function candle(minute: number, close = 100 + (minute % 7)): Candle {
  const [open, high, low] = [100, Math.max(100, close) + 1, Math.min(100, close) - 1]
  return { time: noon + minute * minuteMs, open, high, low, close, volume: 12.5 }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => candle(from + i))

/** Every sleep is short, so that back-off and sweep run at the test's pace. */
const hastyTimer: Timer = { ...systemTimer, sleep: (ms, signal) => systemTimer.sleep(Math.min(ms, 5), signal) }

/** The sweep's sleep never ends by itself: only the stream is at work. */
const streamOnlyTimer: Timer = {
  ...systemTimer,
  sleep: (ms, signal) => systemTimer.sleep(ms > 3_000 ? 1e8 : 5, signal),
}

async function until(what: () => boolean, why: string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${why}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

async function setup(t: Test, timer: Timer = hastyTimer) {
  const peer = await binancePeer(t)
  peer.series.set('BTCUSDT', range(-3_000, 60))
  peer.series.set('ETHUSDT', range(-3_000, 60))
  peer.state.now = noon + 30_000
  const feed = createBinanceFeed(await createBinanceClient(peer.urls, 2_000), timer)
  const got = { minutes: [] as string[], candles: [] as Candle[], forming: [] as number[], gaps: [] as Gap[] }
  const statuses: FeedStatus[] = []
  t.teardown(() => feed.stop())
  return {
    peer,
    feed,
    got,
    statuses,
    start: (startAfter?: number) =>
      feed.start(
        {
          async onMinute({ time, candles }) {
            const symbols = candles.map((each) => each.symbol[0]).join('')
            got.minutes.push(`${(time - noon) / minuteMs}${symbols}`)
            got.candles.push(...candles.map((each) => each.candle))
          },
          onForming: (_, each) => got.forming.push(each.close),
          onGap: (gap) => got.gaps.push(gap),
          onStatus: (status) => statuses.push(status),
        },
        startAfter === undefined ? {} : { startAfter },
      ),
  }
}

t.test('history is paged, exact and ends before the open minute', async (t) => {
  const { feed, peer } = await setup(t)
  const found = await feed.history('BTCUSDT', noon - 2_500 * minuteMs, noon + 10 * minuteMs)
  t.same(found, range(-2_500, 0))
  t.equal(peer.state.requests.filter((each) => each.startsWith('/api/v3/klines')).length, 3)
  t.same(await feed.history('BTCUSDT', noon - 5 * minuteMs, noon - 3 * minuteMs), range(-5, -3))
  await t.rejects(feed.history('NOPE', noon - minuteMs, noon))
  t.same(await feed.symbols(), ['BTCUSDT', 'ETHUSDT'])
})

t.test('streams: forming candles while open, one closed candle a minute, no duplicate', async (t) => {
  const { feed, peer, got, start } = await setup(t, streamOnlyTimer)
  feed.follow(['ETHUSDT', 'BTCUSDT'])
  await start()
  await until(() => peer.subscribed().length === 2, 'the subscription')
  t.same(peer.subscribed(), ['btcusdt@kline_1m', 'ethusdt@kline_1m'])
  peer.push('BTCUSDT', candle(0, 101), false)
  peer.push('BTCUSDT', candle(0, 102), false)
  peer.push('BTCUSDT', candle(0, 103), true)
  peer.push('BTCUSDT', candle(0, 103), true)
  peer.push('ETHUSDT', candle(0), true)
  peer.push('BTCUSDT', candle(1), true)
  await until(() => got.minutes.length === 3, 'three closed candles')
  t.same(got.minutes, ['0B', '0E', '1B'])
  t.same(got.candles[0], candle(0, 103))
  t.same(got.forming, [101, 102])
  t.same(got.gaps, [])
})

t.test('goes on after the last stored candle, all symbols on one clock', async (t) => {
  const { feed, got, start } = await setup(t)
  feed.follow(['BTCUSDT', 'ETHUSDT'])
  await start(noon - 4 * minuteMs)
  await until(() => got.minutes.length === 3, 'the backfill')
  t.same(got.minutes, ['-3BE', '-2BE', '-1BE'])
})

t.test('a cut stream is opened again and the hole filled over REST, in order', async (t) => {
  const { feed, peer, got, start } = await setup(t, streamOnlyTimer)
  feed.follow(['BTCUSDT'])
  await start()
  await until(() => peer.subscribed().length === 1, 'the subscription')
  peer.push('BTCUSDT', candle(0), true)
  await until(() => got.minutes.length === 1, 'the first candle')
  peer.cutStreams()
  await until(() => peer.subscribed().length === 0, 'the cut')
  await until(() => peer.subscribed().length === 1, 'the new connection')
  peer.state.now = noon + 5 * minuteMs + 100
  peer.push('BTCUSDT', candle(4), true)
  await until(() => got.minutes.length === 5, 'the hole to be filled')
  t.same(got.minutes, ['0B', '1B', '2B', '3B', '4B'])
  t.same(got.candles, range(0, 5))
})

t.test('without any stream the sweep brings every closed minute, and says so', async (t) => {
  const { feed, peer, got, statuses, start } = await setup(t)
  peer.state.streamDown = true
  feed.follow(['BTCUSDT'])
  await start(noon - 2 * minuteMs)
  await until(() => got.minutes.length === 1, 'the minute before')
  peer.state.now = noon + 2 * minuteMs + 1
  await until(() => got.minutes.length === 3, 'two more')
  t.same(got.minutes, ['-1B', '0B', '1B'])
  await until(() => /over REST; no stream/.test(statuses.at(-1)?.reason ?? ''), 'the status')
  peer.state.restDown = true
  await until(() => statuses.at(-1)?.connected === false, 'the loss of both')
  peer.state.now = noon + 4 * minuteMs
  peer.state.restDown = false
  peer.state.streamDown = false
  await until(() => got.minutes.length === 5, 'the minutes missed')
  t.ok(statuses.at(-1)?.connected)
})

t.test('never takes an open candle for a closed one, whatever our clock says', async (t) => {
  const early: Timer = { ...hastyTimer, now: () => noon + 10 * minuteMs }
  const { feed, got, peer, start } = await setup(t, early)
  peer.state.streamDown = true
  feed.follow(['BTCUSDT'])
  await start(noon - 2 * minuteMs)
  await until(() => got.minutes.length === 1, 'the closed minute')
  const asked = peer.state.requests.length
  await until(() => peer.state.requests.length > asked + 6, 'a few more sweeps')
  t.same(got.minutes, ['-1B'])
})

t.test('minutes that Binance does not have are a gap, not a candle', async (t) => {
  const { feed, peer, got, start } = await setup(t)
  peer.series.set('BTCUSDT', [...range(-10, -7), ...range(-4, 60)])
  feed.follow(['BTCUSDT'])
  await start(noon - 9 * minuteMs)
  await until(() => got.minutes.length === 5, 'what there is')
  t.same(got.minutes, ['-8B', '-4B', '-3B', '-2B', '-1B'])
  t.same(got.gaps, [{ symbol: 'BTCUSDT', fromMs: noon - 7 * minuteMs, toMs: noon - 4 * minuteMs }])
})

t.test('an absence longer than a day is reported, not fetched', async (t) => {
  const { feed, got, start } = await setup(t)
  feed.follow(['BTCUSDT'])
  await start(noon - 2_000 * minuteMs)
  await until(() => got.minutes.length === 1_440, 'the last day')
  t.same(got.gaps, [{ symbol: 'BTCUSDT', fromMs: noon - 1_999 * minuteMs, toMs: noon - 1_440 * minuteMs }])
})

t.test('says Binance’s time before whatever it fills in, and with every word of the stream', async (t) => {
  const { feed, peer } = await setup(t)
  const told: string[] = []
  feed.follow(['BTCUSDT'])
  const handlers = {
    onTime: (time: number) => told.push(`time ${(time - noon) / minuteMs}`),
    onMinute: async ({ time }: { time: number }) => void told.push(`minute ${(time - noon) / minuteMs}`),
  }
  await feed.start(handlers, { startAfter: noon - 2 * minuteMs })
  await until(() => told.includes('minute -1'), 'the backfill')
  t.same(told.slice(0, 2), ['time 0.5', 'minute -1'])
  peer.state.now = noon + 1.25 * minuteMs
  peer.push('BTCUSDT', candle(1), false)
  await until(() => told.includes('time 1.25'), 'the word of the stream')
  t.equal(await feed.time(), peer.state.now)
})

t.test('following other symbols changes the subscription at once', async (t) => {
  const { feed, peer, got, start } = await setup(t, streamOnlyTimer)
  await start()
  feed.follow(['BTCUSDT'])
  await until(() => peer.subscribed().join() === 'btcusdt@kline_1m', 'the first subscription')
  feed.follow(['BTCUSDT', 'ETHUSDT'])
  await until(() => peer.subscribed().length === 2, 'the second subscription')
  peer.push('ETHUSDT', candle(0), true)
  await until(() => got.minutes.length === 1, 'its candle')
  t.same(got.minutes, ['0E'])
})

t.test('a handler that fails stops the feed with the reason', async (t) => {
  const { feed } = await setup(t)
  feed.follow(['BTCUSDT'])
  const status = await new Promise<FeedStatus>((resolve) => {
    const onMinute = () => Promise.reject(new Error('no database'))
    void feed.start(
      { onMinute, onStatus: (each) => void (each.connected || resolve(each)) },
      { startAfter: noon - 3 * minuteMs },
    )
  })
  t.same(status, { connected: false, reason: 'stopped: no database' })
})

t.test('auto takes Binance where it answers, else says why it takes synthetic candles', async (t) => {
  const peer = await binancePeer(t)
  const answered = await openFeed('auto', { binance: peer.urls })
  t.equal(answered.feed.source, 'binance')
  peer.state.restDown = true
  const refused = await openFeed('auto', { binance: peer.urls })
  t.match(refused, { feed: { source: 'synthetic', synthetic: true }, reason: /Binance does not answer/ })
  const nobody = { rest: 'http://127.0.0.1:1', stream: 'ws://127.0.0.1:1' }
  t.equal((await openFeed('auto', { binance: nobody })).feed.source, 'synthetic')
})

t.test('auto waits at most three seconds for a Binance that says nothing', async (t) => {
  const mute = createServer(() => {}).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  t.teardown(() => mute.close())
  const { port } = mute.address() as AddressInfo
  const begin = performance.now()
  const { feed } = await openFeed('auto', { binance: { rest: `http://127.0.0.1:${port}`, stream: 'ws://127.0.0.1:1' } })
  t.equal(feed.source, 'synthetic')
  t.ok(performance.now() - begin < 3_500)
})
