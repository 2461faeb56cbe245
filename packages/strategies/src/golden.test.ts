import { readFileSync } from 'node:fs'
import type { Candle } from '@sath/core'
import { sharedData } from '@sath/testkit'
import t from 'tap'
import { aggregated, signalsOf } from './signals.fixture.js'
import { textbook } from './textbook.js'

const skip = sharedData('signals') ? false : 'shared/data is not here'

const series: readonly (readonly [set: string, file: string, candles: (file: string) => Candle[]])[] = [
  ['ADAUSDT_M5_2025-06', 'ADAUSDT_M5_2025-06.csv', readCandles],
  ['EURUSD_M5_2020_mt5', 'EURUSD_M5_2020_mt5.csv', readCandles],
  ['BTCUSDT_M5_2023-03', 'BTCUSDT_M1_2023-03_binanceus.csv', (file) => aggregated(readCandles(file), 'M5')],
  ['EURUSD_M5_2014', 'EURUSD_M1_2014_fxcm_bid.csv', (file) => aggregated(readCandles(file), 'M5')],
]

for (const [set, file, read] of series) {
  t.test(`signals on ${set} are the golden ones, no more and no fewer`, { skip }, async (t) => {
    const candles = read(file)
    const golden = readRows(sharedData('signals', `signals_${set}.csv`) as string)
    let compared = 0
    for (const strategy of textbook) {
      const expected = golden.flatMap(([time, name, direction]) =>
        name === strategy.id ? [`${time} ${direction?.toLowerCase()}`] : [],
      )
      const found = signalsOf(strategy, candles).flatMap((said, index) =>
        said.direction === 'none' ? [] : [`${candles[index]?.time} ${said.direction}`],
      )
      t.strictSame(found, expected, strategy.id)
      t.ok(expected.length >= 49, `${strategy.id} has ${expected.length} golden signals`)
      compared += expected.length
    }
    t.equal(compared, golden.length, 'every golden signal is one of the eight')
  })
}

function readCandles(file: string): Candle[] {
  return readRows(sharedData('candles', file) as string).map((cells) => {
    const [time = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = cells.map(Number)
    return { time, open, high, low, close, volume }
  })
}

function readRows(path: string): string[][] {
  const [, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  return rows.map((row) => row.split(','))
}
