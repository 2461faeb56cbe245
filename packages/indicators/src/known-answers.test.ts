import { readFileSync } from 'node:fs'
import type { Candle } from '@sath/core'
import { sharedData } from '@sath/testkit'
import t, { type Test } from 'tap'
import { engulfing, type IndicatorChoice, type IndicatorRow, runIndicator } from './index.js'

const skip = sharedData('indicators') ? false : 'shared/data is not here'

/** What `choice` says about each candle, one row for each. */
function rowsOf(choice: IndicatorChoice, candles: readonly Candle[]): IndicatorRow[] {
  const { next } = runIndicator(choice)
  return candles.map(next)
}

/** Each with the table of Stock.Indicators it must equal, the columns there in the order of ours, and how many values. */
const tables: readonly [choice: IndicatorChoice, table: string, columns: string[], values: number][] = [
  [{ id: 'sma' }, 'sma', ['sma'], 483],
  [{ id: 'ema' }, 'ema', ['ema'], 483],
  [{ id: 'rsi' }, 'rsi', ['rsi'], 488],
  [{ id: 'macd' }, 'macd', ['macd', 'signal', 'histogram'], 477 + 2 * 469],
  [{ id: 'bollinger' }, 'bb', ['sma', 'upperBand', 'lowerBand'], 3 * 483],
  [{ id: 'atr' }, 'atr', ['atr'], 488],
  [{ id: 'adx' }, 'adx', ['pdi', 'mdi', 'dx', 'adx'], 3 * 488 + 475],
  [{ id: 'donchian' }, 'donchian', ['upperBand', 'centerline', 'lowerBand'], 3 * 482],
  [{ id: 'stdev' }, 'stdev', ['stdDev'], 489],
]

for (const [choice, table, columns, values] of tables) {
  t.test(`${choice.id} equals Stock.Indicators row by row, to the last bit`, { skip }, async (t) => {
    const expected = readRecords('skender', `${table}.csv`)
    const rows = rowsOf(choice, quotes())
    let compared = 0
    for (const [index, record] of expected.entries()) {
      for (const [at, column] of columns.entries()) {
        const value = rows[index]?.[at]
        const reference = numberIn(record[column])
        if (value !== reference) t.equal(value, reference, `${column} in row ${index}`)
        if (value !== undefined) compared += 1
      }
    }
    t.equal(rows.length, expected.length)
    t.equal(compared, values, 'values compared')
  })
}

t.test('stochastic equals Stock.Indicators within 1e-12', { skip }, async (t) => {
  const rows = rowsOf({ id: 'stochastic' }, quotes())
  const expected = readRecords('skender', 'stoch.csv').map(({ k, d }) => [numberIn(k), numberIn(d)])
  t.equal(near(rows, expected, 1e-12, t), 487 + 485, 'values compared')
})

/** Where Lean has the same conventions: its tables, their columns, and half a unit of their last digit or so. */
const leanTables: readonly [IndicatorChoice, table: string, columns: string[], tolerance: number, least: number][] = [
  [{ id: 'sma', params: { period: 14 } }, 'spy_with_indicators.txt', ['SMA14'], 0.006, 480],
  [{ id: 'ema', params: { period: 14 } }, 'spy_with_indicators.txt', ['EMA14'], 0.006, 480],
  [{ id: 'rsi' }, 'spy_with_indicators.txt', ['RSI 14 Wilder'], 0.00006, 480],
  [
    { id: 'bollinger' },
    'spy_bollinger_bands.txt',
    ['Moving Average 20', 'Bollinger Bands® 20 2 Top', 'Bollinger Bands® 20 2 Bottom'],
    0.0001,
    3 * 480,
  ],
  [{ id: 'ema', params: { period: 14 } }, 'spy_ema.csv', ['EMA14'], 1e-9, 350],
  [{ id: 'macd' }, 'spy_with_macd.txt', ['MACD', 'Signal', 'Histogram'], 0.00006, 540],
  [
    { id: 'stochastic', params: { period: 12, smoothing: 3, signal: 5 } },
    'spy_with_stoch12k3.txt',
    ['Stochastics 12 %K 3', '%D 5'],
    0.0006,
    900,
  ],
]

for (const [choice, table, columns, tolerance, least] of leanTables) {
  t.test(`${choice.id} equals Lean's ${table}`, { skip }, async (t) => {
    const records = readRecords('lean', table)
    const expected = records.map((record) => columns.map((column) => numberIn(record[column])))
    t.ok(near(rowsOf(choice, records.map(toCandle)), expected, tolerance, t) >= least)
  })
}

t.test("the Donchian channel before a candle is Lean's with the candle before it", { skip }, async (t) => {
  const records = readRecords('lean', 'spy_with_don50.txt').slice(1)
  const rows = rowsOf({ id: 'donchian', params: { period: 50 } }, records.map(toCandle)).slice(1)
  const names = ['Donchian Channels 50 Top', 'Donchian Channels 50 Mean', 'Donchian Channels 50 Bottom']
  const expected = records.slice(49, -1).map((record) => names.map((name) => numberIn(record[name])))
  t.ok(near(rows.slice(49), expected, 0.0006, t) > 1_200)
})

for (const table of ['spy_candle_patterns.csv', 'eurusd_candle_patterns.csv']) {
  t.test(`strict engulfing equals TA-Lib's codes on Lean's ${table}`, { skip }, async (t) => {
    const records = readRecords('lean', table)
    let shown = 0
    for (const [index, record] of records.entries()) {
      const code = numberIn(record.CDLENGULFING)
      const before = records[index - 1]
      if (code === undefined || !before) continue
      const found = 100 * engulfing(toCandle(before, index - 1), toCandle(record, index), 'strict')
      if (found !== code) t.equal(found, code, `row ${index}`)
      if (code !== 0) shown += 1
    }
    t.ok(shown > 20, `${shown} engulfing candles`)
  })
}

/** Tulip's cases by the name of its function: ours, and our columns in the order of its outputs. */
const tulip: readonly [
  name: string,
  inputs: number,
  choice: (options: number[]) => IndicatorChoice,
  order: number[],
][] = [
  ['sma', 1, ([period]) => ({ id: 'sma', params: { period } }), [0]],
  ['rsi', 1, ([period]) => ({ id: 'rsi', params: { period } }), [0]],
  ['stddev', 1, ([period]) => ({ id: 'stdev', params: { period } }), [0]],
  ['bbands', 1, ([period, deviations]) => ({ id: 'bollinger', params: { period, deviations } }), [2, 0, 1]],
  ['stoch', 3, ([period, smoothing, signal]) => ({ id: 'stochastic', params: { period, smoothing, signal } }), [0, 1]],
]

t.test("equals Tulip's published cases where its conventions are ours", { skip }, async (t) => {
  const cases = ['atoz.txt', 'extra.txt', 'untest.txt'].flatMap(readTulip)
  for (const [name, inputs, choice, order] of tulip) {
    const known = cases.filter((each) => each.name === name)
    t.ok(known.length > 0, `${name} has ${known.length} cases`)
    for (const { options, rows } of known) {
      const outputs = rows.slice(inputs)
      const candles = toCandles(rows.slice(0, inputs).map((row) => row.map(Number)))
      const ours = rowsOf(choice(options), candles).slice(-(outputs[0]?.length ?? 0))
      for (const [output, texts] of outputs.entries()) {
        for (const [at, text] of texts.entries()) {
          const lastDigit = 10 ** -(text.split('.')[1]?.length ?? 0)
          near([[ours[at]?.[order[output] as number]]], [[Number(text)]], 1.01 * lastDigit, t)
        }
      }
    }
  }
})

t.test("engulfing candles of Tulip's cases are found", { skip }, async (t) => {
  const text = readFileSync(sharedData('indicators', 'tulip', 'candles.txt') as string, 'utf8')
  let found = 0
  for (const block of text.split(/^candle$/m)) {
    const [opens = [], , , closes = []] = [...block.matchAll(/\{(.*)\}/g)].map(([, row = '']) =>
      row.split(',').map(Number),
    )
    const bodies = opens.map((open, index) => ({ open, close: closes[index] as number }))
    for (const [, not, name, places = ''] of block.matchAll(/^(!?)engulfing_(bull|bear) (.*)$/gm)) {
      for (const place of places.trim().split(' ').map(Number)) {
        const pointing = engulfing(bodies[place - 1]!, bodies[place]!, 'strict')
        t.equal(pointing === (name === 'bull' ? 1 : -1), not === '', `${name} at ${place}`)
        found += 1
      }
    }
  }
  t.ok(found >= 2, `${found} places`)
})

/** Compares what the table has values for; how many there were. */
function near(rows: readonly IndicatorRow[], expected: readonly IndicatorRow[], tolerance: number, t: Test): number {
  let compared = 0
  for (const [index, row] of expected.entries()) {
    for (const [at, reference] of row.entries()) {
      if (reference === undefined) continue
      const value = rows[index]?.[at] ?? Number.NaN
      if (!(Math.abs(value - reference) <= tolerance)) t.equal(value, reference, `column ${at} of row ${index}`)
      compared += 1
    }
  }
  return compared
}

function quotes(): Candle[] {
  return readRecords('skender', 'quotes_default.csv').map(toCandle)
}

/** Bars of any table, numbered instead of dated; a table of closes alone makes bars without wicks. */
function toCandle(record: Record<string, string>, time: number): Candle {
  const close = Number(record.close)
  const price = (name: string) => numberIn(record[name]) ?? close
  return { time, open: price('open'), high: price('high'), low: price('low'), close, volume: 0 }
}

/** From rows of highs, lows and closes, or of closes alone. */
function toCandles(rows: readonly (readonly number[])[]): Candle[] {
  const [highs = [], lows = highs, closes = highs] = rows
  return closes.map((close, time) => {
    const [high = close, low = close] = [highs[time], lows[time]]
    return { time, open: close, high, low, close, volume: 0 }
  })
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined || text === '' || text === 'NaN' ? undefined : Number(text)
}

/** A table with its columns; those of a candle by their lower-case names. */
function readRecords(folder: string, file: string): Record<string, string>[] {
  const path = sharedData('indicators', folder, file) as string
  const [head = '', ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const prices = ['Open', 'High', 'Low', 'Close']
  const names = head.split(',').map((name) => (prices.includes(name) ? name.toLowerCase() : name))
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index], cell])))
}

interface TulipCase {
  readonly name: string
  readonly options: number[]
  /** Inputs, then outputs, as written. */
  readonly rows: string[][]
}

function readTulip(file: string): TulipCase[] {
  const text = readFileSync(sharedData('indicators', 'tulip', file) as string, 'utf8').replace(/^#.*\n/gm, '')
  return text.split(/\n\s*\n/).flatMap((block) => {
    const [first = '', ...lines] = block.trim().split(/\r?\n/)
    const [name = '', ...options] = first.split(' ')
    const rows = lines.flatMap(cells)
    return rows.length === 0 ? [] : [{ name, options: options.map(Number), rows }]
  })
}

function cells(line: string): string[][] {
  const row = line.match(/\{(.*)\}/)?.[1]
  return row === undefined ? [] : [row.split(',').map((cell) => cell.trim())]
}
