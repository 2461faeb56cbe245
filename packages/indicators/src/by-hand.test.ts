import t from 'tap'
import { indicators } from './index.js'

/** Computed by hand: rows of high, low and close, and what is said about them; a row of nothing has no value yet. */
const byHand: readonly (readonly [id: string, Record<string, number>, rows: number[][], said: number[][]])[] = [
  ['sma', { period: 3 }, onCloses(1, 2, 3, 7), [[], [], [2], [4]]],
  ['ema', { period: 3 }, onCloses(1, 2, 3, 4, 8), [[], [], [2], [3], [5.5]]],
  ['rsi', { period: 2 }, onCloses(10, 8, 6, 8, 10, 10), [[], [], [0], [50], [75], [75]]],
  ['macd', { fast: 1, slow: 3, signal: 3 }, onCloses(8, 8, 8, 8, 8, 12), [[], [], [0], [0], [0, 0, 0], [2, 1, 1]]],
  ['stdev', { period: 2 }, onCloses(1, 3, 7), [[], [1], [2]]],
  ['bollinger', { period: 2, deviations: 2 }, onCloses(1, 3, 7), [[], [2, 4, 0], [5, 9, 1]]],
  [
    'atr',
    { period: 3 },
    [
      [10, 8, 9],
      [12, 9, 11],
      [12, 11, 11],
      [16, 12, 14],
      [9, 8, 8],
      [9, 8, 9],
    ],
    [[], [], [], [3], [4], [3]],
  ],
  [
    'adx',
    { period: 3 },
    [
      [10, 8, 9],
      [12, 9, 11],
      [11, 7, 8],
      [14, 10, 12],
      [13, 11, 12],
      [14, 10, 12],
      [17, 13, 16],
      [15, 9, 10],
    ],
    [
      [],
      [],
      [],
      [500 / 13, 200 / 13, 300 / 7],
      [125 / 4, 25 / 2, 300 / 7],
      [20, 8, 300 / 7, 300 / 7],
      [2_420 / 67, 320 / 67, 10_500 / 137, 51_900 / 959],
      [24_200 / 1_237, 35_600 / 1_237, 5_700 / 299, 12_167_500 / 286_741],
    ],
  ],
  [
    'stochastic',
    { period: 2, smoothing: 2, signal: 2 },
    [
      [10, 0, 5],
      [10, 0, 8],
      [10, 0, 4],
      [10, 0, 6],
      [10, 0, 2],
    ],
    [[], [], [60], [50, 55], [40, 45]],
  ],
  [
    'donchian',
    { period: 2 },
    [
      [10, 8, 9],
      [12, 9, 11],
      [11, 7, 8],
      [20, 10, 15],
      [9, 9, 9],
    ],
    [[], [], [12, 10, 8], [12, 9.5, 7], [20, 13.5, 7]],
  ],
]

for (const [id, params, rows, said] of byHand) {
  t.test(`${id}: computed by hand`, async (t) => {
    const next = indicators[id]!.start(params)
    for (const [index, [high = 0, low = 0, close = 0]] of rows.entries()) {
      const values = next({ time: index, open: close, high, low, close, volume: 0 }).filter(
        (value) => value !== undefined,
      )
      const expected = said[index] ?? []
      t.equal(values.length, expected.length, `values in row ${index}`)
      for (const [at, value] of values.entries()) {
        t.ok(Math.abs(value - (expected[at] ?? Number.NaN)) < 1e-12, `${value} in row ${index} is ${expected[at]}`)
      }
    }
  })
}

function onCloses(...prices: number[]): number[][] {
  return prices.map((at) => [at, at, at])
}
