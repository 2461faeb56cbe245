import { readFileSync } from 'node:fs'
import type { Candle } from '@sath/core'
import { sharedData, walk } from '@sath/testkit'
import t from 'tap'
import { linesOf, printed, writer } from '../cli.fixture.js'

const quotes = sharedData('indicators', 'skender', 'quotes_default.csv')
const expected = sharedData('indicators', 'skender', 'macd.csv')

t.test(
  'prints the published values to the last bit, and empty cells before there are any',
  { skip: quotes && expected ? false : 'the reference tables are not here' },
  async (t) => {
    const bars = linesOf(readFileSync(quotes!, 'utf8')).slice(1).map(barOf)
    const path = writer(t)('SPY_D1.csv', bars)
    const [header, ...rows] = linesOf(await printed('indicator', 'macd', '--candles', path))
    t.equal(header, 'time,macd,signal,histogram')
    const published = linesOf(readFileSync(expected!, 'utf8')).slice(1)
    t.equal(rows.length, published.length)
    t.same(
      rows.map((row) => row.split(',').slice(1).map(cell)),
      published.map((row) => row.split(',').slice(1, 4).map(cell)),
    )
    t.equal(rows[0], `${bars[0]!.time},,,`)
  },
)

function barOf(line: string): Candle {
  const [date = '', ...numbers] = line.split(',')
  const [open = 0, high = 0, low = 0, close = 0, volume = 0] = numbers.map(Number)
  return { time: Date.parse(date), open, high, low, close, volume }
}

/** Numbers as numbers: a value may be written in more than one way. */
function cell(text: string): number | string {
  return text === '' ? '' : Number(text)
}

t.test('takes parameters and the short names of the reference tables', async (t) => {
  const path = writer(t)('a.csv', walk(60))
  const [two, bands] = await Promise.all([
    printed('indicator', 'sma', '--candles', path, '--params', 'period=2'),
    printed('indicator', 'bb', '--candles', path, '--params', 'period=10,deviations=1.5'),
  ])
  t.match(linesOf(two)[1], /^\d+,$/)
  t.match(linesOf(two)[2], /^\d+,\d/)
  t.match(linesOf(bands)[0], 'time,sma,upperBand,lowerBand')
})
