import { readFileSync } from 'node:fs'
import { sharedData, walk } from '@sath/testkit'
import t from 'tap'
import { linesOf, printed, sath, writer } from '../cli.fixture.js'

for (const name of ['ADAUSDT_M5_2025-06', 'EURUSD_M5_2020_mt5']) {
  const candles = sharedData('candles', `${name}.csv`)
  const signals = sharedData('signals', `signals_${name}.csv`)
  t.test(
    `prints the signals of ${name} line by line as somebody else found them`,
    { skip: candles && signals ? false : 'the recorded signals are not here' },
    async (t) => {
      const gold = linesOf(readFileSync(signals!, 'utf8')).map((line) => line.split(',').slice(0, 3).join())
      t.ok(gold.length > 1_000)
      t.same(linesOf(await printed('signals', '--candles', candles!, '--timeframe', 'M5')), gold)

      const one = await printed('signals', '--candles', candles!, '--timeframe', 'm5', '--strategy', 'adx-trend')
      t.same(
        linesOf(one),
        gold.filter((line, i) => i === 0 || line.includes(',adx-trend,')),
      )
    },
  )
}

const [ticks, minutes, bars] = ['trades', 'M1', 'M5'].map((part) =>
  sharedData('candles', `XRPETH_${part}_2019-10_freqtrade.csv`),
)
t.test(
  'finds the same signals whether bars, minutes or single trades are fed in',
  { skip: ticks && minutes && bars ? false : 'the recorded series are not here' },
  async (t) => {
    const write = writer(t)
    const made = [
      await printed('aggregate', '--ticks', ticks!, '--to', 'M5', '--incomplete'),
      await printed('aggregate', '--candles', minutes!, '--to', 'M5', '--incomplete'),
    ].map((text, i) => write(`${i}.csv`, text))
    const [asRecorded, ...others] = await Promise.all(
      [bars!, ...made].map((path) => printed('signals', '--candles', path, '--timeframe', 'M5')),
    )
    t.ok(linesOf(asRecorded!).length > 200)
    for (const signals of others) t.ok(signals === asRecorded)
  },
)

t.test('takes parameters, and bars that begin at any time', async (t) => {
  const write = writer(t)
  const bars = walk(400, { timeframe: 'M5' }).map((bar) => ({ ...bar, time: bar.time + 1_234 }))
  const args = ['signals', '--candles', write('a.csv', bars), '--timeframe', 'M5', '--strategy', 'ema-cross']
  const [slow, fast] = await Promise.all([printed(...args), printed(...args, '--params', 'fast=2, slow=5')])
  t.ok(linesOf(fast).length > linesOf(slow).length)
  t.match(linesOf(fast)[1], /^\d+,ema-cross,(CALL|PUT)$/)
})

t.test('asks for others than the eight by name only', async (t) => {
  const path = writer(t)('a.csv', walk(500, { timeframe: 'M1' }))
  const all = await printed('signals', '--candles', path, '--timeframe', 'M1')
  t.notMatch(all, /ensemble|mhi/)
  const asked = ['signals', '--candles', path, '--timeframe', 'M1', '--strategy']
  t.match(await printed(...asked, 'ensemble'), /,ensemble,/)
  t.match(await printed(...asked, 'mhi-1'), /,mhi-1,/)
})

t.test('refuses a timeframe that the strategy is not for', async (t) => {
  const path = writer(t)('a.csv', walk(10, { timeframe: 'M5' }))
  const ended = await sath('signals', '--candles', path, '--timeframe', 'M5', '--strategy', 'mhi-1')
  t.match(ended, { code: 1, stdout: '', stderr: 'sath: --timeframe must be M1: mhi-1 is for no other\n' })
})

t.test('refuses bars that are shorter than the timeframe', async (t) => {
  const path = writer(t)('a.csv', walk(10))
  const { code, stdout, stderr } = await sath('signals', '--candles', path, '--timeframe', 'M5')
  t.match({ code, stdout, stderr }, { code: 1, stdout: '', stderr: /^sath: .*a\.csv line 3, column time: .* 60000 ms/ })
})
