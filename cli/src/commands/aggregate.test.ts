import { readFileSync } from 'node:fs'
import { candles, sharedData } from '@sath/testkit'
import t from 'tap'
import { linesOf, printed, sath, writer } from '../cli.fixture.js'

const minutes = sharedData('candles', 'EURUSD_M1_2020_mt5.csv')
const bars = sharedData('candles', 'EURUSD_M15_2020_mt5.csv')
t.test(
  'prints the broker’s own bars, byte by byte',
  { skip: minutes && bars ? false : 'the recorded series are not here' },
  async (t) => {
    const { code, stdout, stderr } = await sath('aggregate', '--candles', minutes!, '--to', 'M15')
    t.equal(code, 0)
    t.ok(stdout === readFileSync(bars!, 'utf8'))
    t.match(stderr, /28734 M1 bars with 55 gaps, 11586 bars missing/)
  },
)

// Minutes 2…16 of an hour.
const part = candles([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24], {
  start: Date.UTC(2026, 0, 1, 0, 2),
})

t.test('leaves out and names the bars that the file does not hold all of, unless they are asked for', async (t) => {
  const path = writer(t)('X_M1.csv', part)
  const { stdout, stderr } = await sath('aggregate', '--candles', path, '--to', 'M5')
  const times = (text: string) =>
    linesOf(text)
      .slice(1)
      .map((line) => (Number(line.split(',')[0]) / 60_000) % 60)
  t.same(times(stdout), [5, 10])
  t.match(stderr, /left out: the bar of 2026-01-01 00:00 UTC began before the file/)
  t.match(stderr, /left out: the bar of 2026-01-01 00:15 UTC is not over at the end of the file/)
  t.same(times(await printed('aggregate', '--candles', path, '--to', 'M5', '--incomplete')), [0, 5, 10, 15])
})

t.test('makes longer bars of bars that are longer than a minute', async (t) => {
  const write = writer(t)
  const hour = candles(
    Array.from({ length: 60 }, (_, i) => 10 + (i % 9)),
    { start: Date.UTC(2026, 0, 1) },
  )
  const path = write('X_M1.csv', hour)
  const fives = write('X_M5.csv', await printed('aggregate', '--candles', path, '--to', 'M5'))
  t.equal(
    await printed('aggregate', '--candles', fives, '--to', 'M30'),
    await printed('aggregate', '--candles', path, '--to', 'M30'),
  )
  t.match(await sath('aggregate', '--candles', fives, '--to', 'M5'), { code: 1, stderr: /--to must be longer/ })
})

t.test('makes minutes of ticks, and says what it refused', async (t) => {
  const path = writer(t)(
    'ticks.csv',
    'time,id,price,amount\n0,a,10,1\n30000,b,12,2\n30000,b,12,2\n20000,c,9,1\n60000,d,11,1\n59999,e,99,1\n60001,f,-1,1\n120000,g,11,1\n',
  )
  const { code, stdout, stderr } = await sath('aggregate', '--ticks', path, '--to', 'M1')
  t.equal(code, 0)
  t.same(linesOf(stdout), ['time,open,high,low,close,volume', '0,10,12,9,12,4', '60000,11,11,11,11,1'])
  t.match(stderr, /1 twice and ignored, 1 of a closed minute and refused, 1 without a price, 1 out of order/)
})

t.test('leaves out a first bar whose first minute the ticks do not hold all of', async (t) => {
  const ticks = Array.from({ length: 12 }, (_, i) => `${30_000 + i * 60_000},10,1`)
  const path = writer(t)('ticks.csv', `${['time,price,amount', ...ticks].join('\n')}\n`)
  const { stdout, stderr } = await sath('aggregate', '--ticks', path, '--to', 'M5')
  t.same(linesOf(stdout).slice(1), ['300000,10,10,10,10,5'])
  t.match(stderr, /left out: the bar of 1970-01-01 00:00 UTC began before the file/)
})
