import t from 'tap'
import { candleAt, csvFolder } from './csv.fixture.js'
import { openFeed } from './open-feed.js'
import { parseFeedSpec } from './spec.js'

const good: [string, unknown][] = [
  ['auto', { kind: 'auto' }],
  ['binance', { kind: 'binance' }],
  ['synthetic', { kind: 'synthetic', seed: 1, speed: undefined }],
  ['synthetic?seed=7&speed=60', { kind: 'synthetic', seed: 7, speed: 60 }],
  ['replay:a_M1.csv', { kind: 'replay', files: ['a_M1.csv'], speed: 1 }],
  ['replay:/x/a.csv,b.csv?speed=2000', { kind: 'replay', files: ['/x/a.csv', 'b.csv'], speed: 2_000 }],
  ['replay:a.csv?speed=0.5', { kind: 'replay', files: ['a.csv'], speed: 0.5 }],
]
for (const [text, spec] of good) t.test(`reads ${text}`, async (t) => t.same(parseFeedSpec(text), spec))

const bad: [string, RegExp][] = [
  ['', /"" is not a feed: use auto/],
  ['kraken', /"kraken" is not a feed/],
  ['replay:', /needs a file/],
  ['replay:a.csv,', /needs a file/],
  ['replay:a.csv?speed=fast', /speed must be a positive number of candles a second, not "fast"/],
  ['replay:a.csv?speed=0', /speed must be/],
  ['replay:a.csv?speed=-1', /speed must be/],
  ['replay:a.csv?seed=1', /the replay feed has no option "seed"/],
  ['replay:a.csv?speed=1?speed=2', /more than one/],
  ['binance?speed=2', /has no option "speed"/],
  ['synthetic?seed=4294967296', /seed must be/],
  ['synthetic?seed=x', /seed must be/],
]
for (const [text, message] of bad) {
  t.test(`refuses ${JSON.stringify(text)}`, async (t) => t.throws(() => parseFeedSpec(text), { message }))
}

t.test('opens a replay by a name relative to the base folder, and names a file that is not there', async (t) => {
  const csv = csvFolder(t)
  csv.write('BTCUSDT_M1.csv', [candleAt(0)])
  const { feed, reason } = await openFeed('replay:BTCUSDT_M1.csv?speed=9', { baseDir: csv.path('') })
  t.match(feed, { source: 'replay', clock: 'market' })
  t.match(reason, /BTCUSDT_M1/)
  await t.rejects(openFeed('replay:ETHUSDT_M1.csv', { baseDir: csv.path('') }), { message: /there is no file/ })
})
