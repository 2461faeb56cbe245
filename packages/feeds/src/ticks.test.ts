import type { Candle } from '@sath/core'
import fc from 'fast-check'
import t from 'tap'
import { createAggregator } from './aggregate.js'
import { csvFolder } from './csv.fixture.js'
import { readCandles } from './csv-candles.js'
import { readTickPages } from './csv-ticks.js'
import { recordedSeries } from './shared-data.fixture.js'
import { createTickAggregator, type Tick } from './ticks.js'

const noon = Date.UTC(2026, 3, 1, 12)
const tick = (ms: number, price: number, volume = 1, id?: string): Tick => ({ time: noon + ms, price, volume, id })

async function all<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const page of pages) rows.push(...page)
  return rows
}

/** Minutes of the ticks, the last one closed by the clock. */
function minutesOf(ticks: readonly Tick[]): Candle[] {
  const aggregator = createTickAggregator({ completeFrom: 0 })
  const closed = [...ticks.map((each) => aggregator.push(each)), aggregator.closeBefore(Number.MAX_SAFE_INTEGER)]
  return closed.flatMap((bar) => (bar ? [bar.candle] : []))
}

const [trades, minutes, bars] = ['trades', 'M1', 'M5'].map((part) => recordedSeries(`XRPETH_${part}_2019-10_freqtrade`))
t.test(
  'XRPETH trades become the venue’s own minutes and five-minute bars, volume and all',
  { skip: trades && minutes && bars ? false : 'the recorded series are not here' },
  async (t) => {
    const expected: Candle[] = []
    for await (const candle of readCandles(minutes!)) expected.push(candle)
    const built = minutesOf(await all(readTickPages(trades!)))
    t.equal(built.length, 2_469)
    t.same(built.map(asWritten), expected, 'minutes without a trade are absent')

    const aggregator = createAggregator({ timeframes: ['M5'], completeFrom: 0 })
    const longer = built.flatMap((candle) => aggregator.push(candle).map(({ candle }) => asWritten(candle)))
    const venue: Candle[] = []
    for await (const candle of readCandles(bars!)) venue.push(candle)
    t.same(longer, venue.slice(0, longer.length))
    t.equal(venue.length, longer.length)
  },
)

/** Without the dust of adding decimals as binary fractions. */
function asWritten(candle: Candle): Candle {
  return { ...candle, volume: Number(candle.volume.toPrecision(14)) }
}

t.test('a minute closes with the first tick of a later one, or by the clock', async (t) => {
  const aggregator = createTickAggregator({ completeFrom: noon })
  t.equal(aggregator.push(tick(100, 10)), undefined)
  t.equal(aggregator.push(tick(59_999, 12, 3)), undefined)
  t.same(aggregator.forming(), { time: noon, open: 10, high: 12, low: 10, close: 12, volume: 4 })
  t.same(aggregator.push(tick(180_000, 11)), {
    timeframe: 'M1',
    candle: { time: noon, open: 10, high: 12, low: 10, close: 12, volume: 4 },
    partial: false,
  })
  t.equal(aggregator.closeBefore(noon + 239_999), undefined)
  t.match(aggregator.closeBefore(noon + 240_000), { candle: { time: noon + 180_000, close: 11 } })
  t.equal(aggregator.forming(), undefined)
  t.equal(aggregator.closeBefore(noon + 900_000), undefined, 'a minute without ticks is no candle')
})

t.test('the minute we joined in its middle is partial', async (t) => {
  const aggregator = createTickAggregator()
  for (const ms of [30_000, 60_000, 120_000]) aggregator.push(tick(ms, 10))
  const joined = createTickAggregator()
  t.equal(joined.push(tick(30_000, 10)), undefined)
  t.match(joined.push(tick(60_000, 10)), { partial: true })
  t.match(joined.push(tick(120_000, 10)), { partial: false })
})

t.test(
  'ticks out of order, late, twice, from the future or no ticks at all: each has its rule and its count',
  async (t) => {
    const aggregator = createTickAggregator({ completeFrom: noon, now: () => noon + 70_000, maxAheadMs: 1_000 })
    const steps: [string, Tick, keyof typeof aggregator.counts | undefined][] = [
      ['the first', tick(20_000, 10, 1, 'a'), undefined],
      ['the same trade again', tick(20_000, 10, 1, 'a'), 'duplicates'],
      ['another trade that looks the same', tick(20_000, 10, 1, 'b'), undefined],
      ['an older one of the open minute', tick(10_000, 9, 1, 'c'), 'outOfOrder'],
      ['of no price', tick(21_000, Number.NaN), 'malformed'],
      ['of a negative price', tick(21_000, -1), 'malformed'],
      ['of an infinite price', tick(21_000, Number.POSITIVE_INFINITY), 'malformed'],
      ['of a negative volume', tick(21_000, 10, -1), 'malformed'],
      ['of a broken time', { ...tick(0, 10), time: Number.NaN }, 'malformed'],
      ['from the future', tick(71_001, 500), 'ahead'],
      ['of the next minute', tick(60_000, 11, 1, 'd'), undefined],
      ['of the minute before', tick(59_999, 1_000), 'late'],
    ]
    const before = { ...aggregator.counts }
    for (const [what, each, counted] of steps) {
      const closed = aggregator.push(each)
      if (counted) before[counted]++
      t.same(aggregator.counts, before, what)
      if (what !== 'of the next minute') t.equal(closed, undefined, what)
      else t.same(closed?.candle, { time: noon, open: 9, high: 10, low: 9, close: 10, volume: 3 })
    }
    t.same(aggregator.forming(), { time: noon + 60_000, open: 11, high: 11, low: 11, close: 11, volume: 1 })
    aggregator.closeBefore(noon + 120_000)
    aggregator.push(tick(61_000, 1))
    t.equal(aggregator.counts.late, 2, 'also when the clock has closed it')
  },
)

t.test('within a minute the order of arrival does not matter', async () => {
  const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 59_999 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(distinct, fc.infiniteStream(fc.nat()), (times, random) => {
      const ticks = times.map((ms) => tick(ms, 10 + (ms % 97)))
      const keys = new Map(ticks.map((each) => [each, random.next().value]))
      const shuffled = [...ticks].sort((a, b) => Number(keys.get(a)) - Number(keys.get(b)))
      const sorted = [...ticks].sort((a, b) => a.time - b.time)
      return JSON.stringify(minutesOf(shuffled)) === JSON.stringify(minutesOf(sorted))
    }),
  )
})

t.test('a file of ticks may have its columns in any order, and names the line and column of a fault', async (t) => {
  const folder = csvFolder(t)
  const good = folder.write('good.csv', 'side,price,amount,time\nbuy,1.5,3,1570752011620\n')
  t.same(await all(readTickPages(good)), [{ time: 1570752011620, price: 1.5, volume: 3 }])
  for (const [text, message] of [
    ['time,price\n1,2\n', /line 1, the header: has no column amount/],
    ['time,price,amount\n1,2,3\n1,x,3\n', /line 3, column price: "x" is not a number/],
    ['time,price,amount\n1,2\n', /line 2, the row: has 2 columns instead of 3/],
  ] as const) {
    await t.rejects(all(readTickPages(folder.write('bad.csv', text))), { message })
  }
})
