import t from 'tap'
import type { FeedStatus, MinuteBatch } from './feed.js'
import { createSyntheticFeed } from './synthetic.js'
import { createWalk, walkEpoch, walkSymbols } from './synthetic-walk.js'
import { systemTimer, type Timer } from './timer.js'

const minuteMs = 60_000
const noon = Date.UTC(2026, 3, 1, 12)

/** The wall clock jumps to the end of each sleep; stops the feed after `limit` sleeps. */
function jumpingTimer(start: number): Timer {
  let now = start
  return {
    ...systemTimer,
    now: () => now,
    async sleep(ms) {
      now += ms
      await new Promise(setImmediate)
    },
  }
}

t.test('the same seed gives the same candles, in any order of asking and in another process', async (t) => {
  for (const symbol of walkSymbols) {
    const whole = createWalk(7, symbol).candles(noon, noon + 300 * minuteMs)
    const parts = createWalk(7, symbol)
    const late = parts.candles(noon + 200 * minuteMs, noon + 300 * minuteMs)
    const early = parts.candles(noon, noon + 200 * minuteMs)
    t.same([...early, ...late], whole, symbol.symbol)
    t.notSame(createWalk(8, symbol).candles(noon, noon + 300 * minuteMs), whole, 'another seed is another market')
  }
})

t.test('looks like a market: continuous, ordered, about as volatile as asked', async (t) => {
  for (const each of walkSymbols) {
    const candles = createWalk(1, each).candles(noon, noon + 5_000 * minuteMs)
    t.equal(candles.length, 5_000)
    t.ok(
      candles.every((c, i) => i === 0 || c.open === candles[i - 1]!.close),
      'each opens where the last closed',
    )
    t.ok(candles.every((c) => c.high >= Math.max(c.open, c.close) && c.low <= Math.min(c.open, c.close) && c.low > 0))
    const moves = candles.map((c) => Math.log(c.close / c.open))
    const deviation = Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / moves.length)
    t.ok(Math.abs(deviation / each.volatility - 1) < 0.1, `${each.symbol}: ${deviation}`)
  }
})

t.test('a forming candle grows into the closed one', async (t) => {
  const walk = createWalk(1, walkSymbols[0]!)
  const [closed] = walk.candles(noon, noon + minuteMs)
  let last = walk.forming(noon)
  for (let second = 2; second < 60; second++) {
    const next = walk.forming(noon + second * 1_000)
    t.ok(next.open === closed!.open && next.high >= last.high && next.low <= last.low && next.volume >= last.volume)
    last = next
  }
  t.ok(closed!.high >= last.high && closed!.low <= last.low)
})

t.test('has no history before its first minute and none of the open one', async (t) => {
  const feed = createSyntheticFeed({ seed: 1, timer: { ...systemTimer, now: () => noon + 30_000 } })
  t.match(feed, { source: 'synthetic', synthetic: true, clock: 'wall' })
  t.equal(createSyntheticFeed({ seed: 5 }).source, 'synthetic-5')
  t.same(await feed.history('EURUSD', walkEpoch - 10 * minuteMs, walkEpoch), [])
  const recent = await feed.history('EURUSD', noon - 3 * minuteMs, noon + 5 * minuteMs)
  t.same(
    recent.map(({ time }) => time),
    [noon - 3 * minuteMs, noon - 2 * minuteMs, noon - minuteMs],
  )
  await t.rejects(feed.history('XAUUSD', 0, noon), { message: /no XAUUSD/ })
})

t.test('closes minutes on the wall clock, catches up what it missed, and equals its history', async (t) => {
  const feed = createSyntheticFeed({ seed: 1, timer: jumpingTimer(noon + 20_000) })
  feed.follow(['BTCUSDT', 'EURUSD'])
  const batches: MinuteBatch[] = []
  let forming = 0
  await new Promise<void>((resolve) => {
    void feed.start(
      {
        async onMinute(batch) {
          batches.push(batch)
          if (batches.length === 6) resolve()
        },
        onForming: () => forming++,
      },
      { startAfter: noon - 4 * minuteMs },
    )
  })
  await feed.stop()
  t.same(
    batches.map(({ time }) => (time - noon) / minuteMs),
    [-3, -2, -1, 0, 1, 2],
  )
  t.same(
    batches[0]!.candles.map(({ symbol }) => symbol),
    ['BTCUSDT', 'EURUSD'],
  )
  t.ok(forming > 100, 'two symbols, about once a second')
  t.same(
    batches.map(({ candles }) => candles[0]!.candle),
    await feed.history('BTCUSDT', noon - 3 * minuteMs, noon + 3 * minuteMs),
  )
})

t.test('with a speed it is a market clock in lock-step, from where it was', async (t) => {
  const feed = createSyntheticFeed({ seed: 1, speed: 1e6, timer: { ...systemTimer, now: () => noon } })
  t.equal(feed.clock, 'market')
  const times: number[] = []
  const statuses: FeedStatus[] = []
  await new Promise<void>((resolve) => {
    void feed.start(
      {
        async onMinute({ time, candles }) {
          times.push(time)
          t.equal(candles.length, 3)
          if (times.length === 100) resolve()
        },
        onStatus: (status) => statuses.push(status),
      },
      { startAfter: noon - 10 * minuteMs },
    )
  })
  await feed.stop()
  t.equal(times[0], noon - 9 * minuteMs)
  t.ok(times.every((time, i) => i === 0 || time === times[i - 1]! + minuteMs))
  const known = await feed.history('EURUSD', noon - 20 * minuteMs, noon + 1e9)
  t.equal(known.at(-1)!.time, times.at(-1), 'no look-ahead')
  t.match(statuses[0]!.reason, /synthetic/)
})
