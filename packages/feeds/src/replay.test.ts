import t from 'tap'
import { candleAt, csvFolder } from './csv.fixture.js'
import type { FeedStatus, MinuteBatch } from './feed.js'
import { openReplay } from './replay.js'
import { recordedSeries } from './shared-data.fixture.js'
import type { Timer } from './timer.js'

/** Plays to the end and returns what came. */
async function play(feed: Awaited<ReturnType<typeof openReplay>>, startAfter?: number) {
  const batches: MinuteBatch[] = []
  const statuses: FeedStatus[] = []
  await new Promise<void>((resolve, reject) => {
    feed
      .start(
        {
          async onMinute(batch) {
            batches.push(batch)
          },
          onStatus: (status) => statuses.push(status),
          onEnd: resolve,
        },
        startAfter === undefined ? {} : { startAfter },
      )
      .catch(reject)
  })
  await feed.stop()
  return { batches, statuses }
}

/** A timer on which time passes only by sleeping. */
function idleTimer(): Timer & { slept: number } {
  return {
    slept: 0,
    now: () => 0,
    monotonic() {
      return this.slept
    },
    async sleep(ms) {
      this.slept += ms
    },
  }
}

t.test('merges its files into one market clock and leaves gaps as they are', async (t) => {
  const csv = csvFolder(t)
  const files = [
    csv.write('ETHUSDT_M1_x.csv', [candleAt(1, 50), candleAt(2, 51), candleAt(9, 52)]),
    csv.write('BTCUSDT_M1_x.csv', [candleAt(0), candleAt(2), candleAt(500)]),
  ]
  const feed = await openReplay({ files, speed: 5_000 })
  t.same(await feed.symbols(), ['BTCUSDT', 'ETHUSDT'])
  t.match(feed, { source: 'replay', synthetic: false, clock: 'market' })
  const { batches, statuses } = await play(feed)
  t.same(
    batches.map(({ time, candles }) => [time, candles.map(({ symbol }) => symbol)]),
    [
      [candleAt(0).time, ['BTCUSDT']],
      [candleAt(1).time, ['ETHUSDT']],
      [candleAt(2).time, ['BTCUSDT', 'ETHUSDT']],
      [candleAt(9).time, ['ETHUSDT']],
      [candleAt(500).time, ['BTCUSDT']],
    ],
  )
  t.match(statuses.at(-1), { connected: true, reason: 'the recording is over' })
})

t.test('goes on after the last stored candle, and ends at once where nothing is left', async (t) => {
  const files = [
    csvFolder(t).write(
      'BTCUSDT_M1.csv',
      [0, 1, 2, 3].map((m) => candleAt(m)),
    ),
  ]
  const { batches } = await play(await openReplay({ files, speed: 5_000 }), candleAt(1).time)
  t.same(
    batches.map(({ time }) => time),
    [candleAt(2).time, candleAt(3).time],
  )
  const over = await play(await openReplay({ files, speed: 5_000 }), candleAt(3).time)
  t.same(over.batches, [])
  t.match(over.statuses[0]?.reason, /nothing left/)
})

t.test('waits for the acknowledgement of each minute; stop ends it and start goes on', async (t) => {
  const files = [
    csvFolder(t).write(
      'BTCUSDT_M1.csv',
      [0, 1, 2].map((m) => candleAt(m)),
    ),
  ]
  const feed = await openReplay({ files, speed: 100_000 })
  let release = () => {}
  let calls = 0
  const first = new Promise<void>((arrived) => {
    void feed.start({
      async onMinute() {
        calls++
        arrived()
        await new Promise<void>((resolve) => {
          release = resolve
        })
      },
    })
  })
  await first
  t.rejects(feed.start({ onMinute: async () => {} }), { message: 'the feed is already started' })
  t.same(await feed.history('BTCUSDT', 0, Number.MAX_SAFE_INTEGER), [candleAt(0)], 'no look-ahead: only what was sent')
  const stopped = feed.stop()
  await new Promise(setImmediate)
  t.equal(calls, 1, 'nothing more while the first is not acknowledged')
  release()
  await stopped
  t.equal(calls, 1)
  const { batches } = await play(feed, candleAt(0).time)
  t.equal(batches.length, 2)
})

t.test('a handler that fails stops the feed, with the reason, and never ends the recording', async (t) => {
  const files = [
    csvFolder(t).write(
      'BTCUSDT_M1.csv',
      [0, 1].map((m) => candleAt(m)),
    ),
  ]
  const feed = await openReplay({ files, speed: 100_000 })
  const status = await new Promise<FeedStatus>((resolve) => {
    void feed.start({
      onMinute: () => Promise.reject(new Error('no database')),
      onEnd: () => {
        t.fail('it did not end')
      },
      onStatus: (each) => each.connected || resolve(each),
    })
  })
  t.match(status, { connected: false, reason: 'stopped: no database' })
  await feed.stop()
})

t.test('paces itself: N minutes a second, a gap costs nothing', async (t) => {
  const files = [
    csvFolder(t).write(
      'BTCUSDT_M1.csv',
      [0, 1, 2, 3, 1_000].map((m) => candleAt(m)),
    ),
  ]
  const timer = idleTimer()
  await play(await openReplay({ files, speed: 2, timer }))
  t.equal(timer.slept, 2_000, 'the first at once, then four half seconds')
})

t.test(
  'at high speed acknowledgements are the only limit',
  {
    skip: recordedSeries('BTCUSDT_M1_2024-12_binance') ? false : 'the recorded series are not here',
  },
  async (t) => {
    const files = [recordedSeries('BTCUSDT_M1_2024-12_binance')!]
    const timer = idleTimer()
    const { batches } = await play(await openReplay({ files, speed: 1e9, timer }))
    t.equal(batches.length, 14_400)
    t.ok(timer.slept < 1, `it waited ${timer.slept} ms in all of ten days`)
  },
)

const row = (time: number, rest = '1,2,0.5,1.5,10') => `${time},${rest}`
const faults: [string, string, RegExp][] = [
  ['an empty file', '', /is empty/],
  ['a wrong header', 'date,open\n', /line 1, the header: must be time,open,high,low,close,volume, not "date,open"/],
  ['no rows', 'time,open,high,low,close,volume\n', /has no candles/],
  [
    'a missing column',
    `time,open,high,low,close,volume\n${row(60_000, '1,2,0.5,1.5')}\n`,
    /line 2, the row: has 5 columns/,
  ],
  [
    'words',
    `time,open,high,low,close,volume\n${row(60_000, '1,2,0.5,x,10')}\n`,
    /line 2, column close: "x" is not a number/,
  ],
  [
    'an empty cell',
    `time,open,high,low,close,volume\n${row(60_000, '1,2,0.5,,10')}\n`,
    /line 2, column close: "" is not a/,
  ],
  [
    'an infinite price',
    `time,open,high,low,close,volume\n${row(60_000, '1,1e999,0.5,1,10')}\n`,
    /line 2, column high: "1e999"/,
  ],
  [
    'a time between minutes',
    `time,open,high,low,close,volume\n${row(60_001)}\n`,
    /line 2, column time: 60001 is not the start/,
  ],
  [
    'a time that goes back',
    `time,open,high,low,close,volume\n${row(120_000)}\n${row(60_000)}\n`,
    /line 3, column time: 60000 is not after 120000/,
  ],
  ['the same time twice', `time,open,high,low,close,volume\n${row(60_000)}\n${row(60_000)}\n`, /line 3, column time/],
  [
    'a high that is not',
    `time,open,high,low,close,volume\n${row(60_000, '1,1.2,0.5,1.5,10')}\n`,
    /line 2, column high: 1.2/,
  ],
  [
    'a low that is not',
    `time,open,high,low,close,volume\n${row(60_000, '1,2,1.1,1.5,10')}\n`,
    /line 2, column low: 1.1/,
  ],
  [
    'a price of nothing',
    `time,open,high,low,close,volume\n${row(60_000, '1,2,0,1.5,10')}\n`,
    /line 2, column low: 0 is not/,
  ],
]
for (const [what, text, message] of faults) {
  t.test(`refuses ${what} and says where`, async (t) => {
    const files = [csvFolder(t).write('BTCUSDT_M1.csv', text)]
    await t.rejects(openReplay({ files, speed: 1 }), { message })
  })
}

t.test('takes Windows line ends, a byte order mark and a last line without an end', async (t) => {
  const text = `\uFEFFtime,open,high,low,close,volume\r\n${row(60_000)}\r\n${row(120_000)}`
  const feed = await openReplay({ files: [csvFolder(t).write('X1_M1.csv', text)], speed: 1e6 })
  t.equal((await play(feed)).batches.length, 2)
})

t.test('refuses files it cannot play', async (t) => {
  const csv = csvFolder(t)
  const one = csv.write('BTCUSDT_M1_a.csv', [candleAt(0)])
  const two = csv.write('BTCUSDT_M1_b.csv', [candleAt(0)])
  const m5 = csv.write('BTCUSDT_M5.csv', [candleAt(0)])
  const odd = csv.write('my file.csv', [candleAt(0)])
  await t.rejects(openReplay({ files: [csv.path('none_M1.csv')], speed: 1 }), { message: /not a symbol/ })
  await t.rejects(openReplay({ files: [csv.path('NONE_M1.csv')], speed: 1 }), { message: /there is no file .*NONE_M1/ })
  await t.rejects(openReplay({ files: [one, two], speed: 1 }), { message: /are both of BTCUSDT/ })
  await t.rejects(openReplay({ files: [m5], speed: 1 }), { message: /takes M1 candles, not M5/ })
  await t.rejects(openReplay({ files: [odd], speed: 1 }), { message: /not a symbol/ })
  await t.rejects(openReplay({ files: [one], speed: 0 }), { message: /speed must be/ })
})
