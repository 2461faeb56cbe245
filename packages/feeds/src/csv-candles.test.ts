import fc from 'fast-check'
import t from 'tap'
import { candleAt, csvFolder } from './csv.fixture.js'
import { readCandlePages, readCandles } from './csv-candles.js'
import { parseNumber } from './csv-lines.js'

t.test('reads the same number as JavaScript does, however it is written', async (t) => {
  const read = (text: string) => parseNumber(`,${text},`, 1, text.length + 1)
  fc.assert(
    // Of the text, which is "0" for -0.
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), (text) =>
      Object.is(read(text), Number(text)),
    ),
  )
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat({ max: 15 }), (digits, places) => {
      const text = (digits / 10 ** places).toFixed(places)
      return read(text) === Number(text)
    }),
  )
  for (const text of ['', '.', '.5', '5.', '1,2', '1.2.3', '0x10', 'Infinity', 'NaN', ' 1', '1e', '--1', '1e9999x']) {
    t.ok(Number.isNaN(read(text)), JSON.stringify(text))
  }
  t.equal(read('0.0016200000000000001'), 0.0016200000000000001)
  t.equal(read('-0.5'), -0.5)
  t.equal(read('1e-7'), 1e-7)
})

t.test('reads bars of any length; the times of which ones may be anywhere is said by the caller', async (t) => {
  const folder = csvFolder(t)
  const daily = [0, 1_440, 2 * 1_440].map((minute) => candleAt(minute))
  const path = folder.write('EURUSD_D1.csv', daily)
  for await (const page of readCandlePages(path)) t.same(page, daily)

  const odd = folder.write('odd.csv', [{ ...candleAt(0), time: 1_700_000_000_123 }])
  await t.rejects(readCandles(odd).next(), { message: /line 2, column time: 1700000000123 is not the start of a bar/ })
  t.match(await readCandles(odd, { alignMs: 1 }).next(), { value: { time: 1_700_000_000_123 } })
})

t.test('tells bars that are too close to each other to be of the length that was asked for', async (t) => {
  const path = csvFolder(t).write('EURUSD_M1.csv', [candleAt(0), candleAt(5), candleAt(6)])
  const pages = readCandlePages(path, { apartMs: 300_000 })
  await t.rejects(pages.next(), { message: /line 4, column time: 86760000 is only 60000 ms after/ })
})

t.test('reads rows that are cut by the end of a page', async (t) => {
  const rows = Array.from({ length: 20_000 }, (_, minute) => candleAt(minute, 100 + (minute % 7)))
  const path = csvFolder(t).write('EURUSD_M1.csv', rows)
  let pages = 0
  const read = []
  for await (const page of readCandlePages(path)) {
    pages++
    read.push(...page)
  }
  t.ok(pages > 1)
  t.same(read, rows)
})

for (const [what, text, message] of [
  ['a price below nothing', '60000,1,2,-0.5,1.5,10', /line 2, column low: -0.5 is not a positive price/],
  ['a price beyond all bounds', '60000,1,2e150,0.5,1.5,10', /line 2, column high: 2e\+150 is more than a price may be/],
  ['a volume below nothing', '60000,1,2,0.5,1.5,-10', /line 2, column volume: -10 is less than nothing/],
  [
    'a time in seconds with a fraction',
    '60000.5,1,2,0.5,1.5,10',
    /line 2, column time: 60000.5 is not a time in whole/,
  ],
  ['a time as text', '2020-01-01,1,2,0.5,1.5,10', /line 2, column time: "2020-01-01" is not a number/],
  ['NaN', '60000,1,2,0.5,NaN,10', /line 2, column close: "NaN" is not a number/],
  ['a row without anything', '', /line 2, the row: is empty/],
  ['one column too many', '60000,1,2,0.5,1.5,10,7', /line 2, the row: has 7 columns instead of 6/],
] as const) {
  t.test(`refuses ${what} and says where`, async (t) => {
    const path = csvFolder(t).write('EURUSD_M1.csv', `time,open,high,low,close,volume\n${text}\n`)
    await t.rejects(readCandles(path).next(), { message })
  })
}
