import { readFileSync } from 'node:fs'
import { bucketStart, type Candle } from '@sath/core'
import { sharedData, walk } from '@sath/testkit'
import fc from 'fast-check'
import t from 'tap'
import { catalogue, type Signal, type Strategy, withDefaults } from './index.js'

const skip = sharedData('signals') ? false : 'shared/data is not here'

/** What a strategy says with its defaults about every candle, with its open time. */
function signalsOf(strategy: Strategy, candles: readonly Candle[]): (Signal & { time: number })[] {
  const params = withDefaults(strategy.params, {})
  const state = strategy.init(params)
  return candles.map((candle) => ({ time: candle.time, ...strategy.step(state, candle, params) }))
}

const spoken = (signals: (Signal & { time: number })[]) =>
  signals.flatMap(({ time, direction }) => (direction === 'none' ? [] : [`${time} ${direction}`]))

const series: readonly (readonly [set: string, file: string, aggregated: boolean])[] = [
  ['ADAUSDT_M5_2025-06', 'ADAUSDT_M5_2025-06.csv', false],
  ['EURUSD_M5_2020_mt5', 'EURUSD_M5_2020_mt5.csv', false],
  ['BTCUSDT_M5_2023-03', 'BTCUSDT_M1_2023-03_binanceus.csv', true],
  ['EURUSD_M5_2014', 'EURUSD_M1_2014_fxcm_bid.csv', true],
]

for (const [set, file, aggregated] of series) {
  t.test(`signals on ${set} are the golden ones, no more and no fewer`, { skip }, async (t) => {
    const candles = aggregated ? toM5(readCandles(file)) : readCandles(file)
    const golden = readRows(sharedData('signals', `signals_${set}.csv`) as string)
    for (const strategy of catalogue) {
      const expected = golden.flatMap(([time, name, direction]) =>
        name === strategy.id ? [`${time} ${direction?.toLowerCase()}`] : [],
      )
      const found = spoken(signalsOf(strategy, candles))
      t.ok(expected.length >= 49, `${strategy.id} has ${expected.length} golden signals`)
      t.strictSame(found, expected, strategy.id)
    }
  })
}

const prices = fc
  .array(fc.integer({ min: -300, max: 300 }), { minLength: 40, maxLength: 160 })
  .map((moves) => fromMoves(moves))

for (const strategy of catalogue) {
  const params = withDefaults(strategy.params, {})

  t.test(`${strategy.id}: the first k candles give the first k answers`, async (t) => {
    fc.assert(
      fc.property(prices, fc.nat(), (candles, at) => {
        const k = at % candles.length
        t.strictSame(signalsOf(strategy, candles.slice(0, k)), signalsOf(strategy, candles).slice(0, k))
      }),
      { numRuns: 100 },
    )
  })

  t.test(`${strategy.id}: changing a candle changes no earlier answer`, async (t) => {
    fc.assert(
      fc.property(prices, fc.nat(), fc.double({ min: 0.5, max: 2, noNaN: true }), (candles, at, factor) => {
        const k = at % candles.length
        const changed = candles.map((candle, index) => (index === k ? scaled(candle, factor) : candle))
        t.strictSame(signalsOf(strategy, changed).slice(0, k), signalsOf(strategy, candles).slice(0, k))
      }),
      { numRuns: 100 },
    )
  })

  t.test(`${strategy.id}: goes on from its JSON as if nothing had happened`, async (t) => {
    fc.assert(
      fc.property(prices, fc.nat(), (candles, at) => {
        const whole = strategy.init(params)
        let resumed = strategy.init(params)
        for (const [index, candle] of candles.entries()) {
          if (index === at % candles.length) resumed = JSON.parse(JSON.stringify(resumed))
          t.strictSame(strategy.step(resumed, candle, params), strategy.step(whole, candle, params))
          t.strictSame(strategy.indicators(resumed), strategy.indicators(whole))
        }
      }),
      { numRuns: 50 },
    )
  })

  t.test(
    `${strategy.id}: is silent before its warm-up, has every price in view at it, and confidence is 0…1`,
    async (t) => {
      const warmUp = strategy.warmUp(params)
      let earliest = Number.POSITIVE_INFINITY
      for (let seed = 1; seed <= 200; seed++) {
        const signals = signalsOf(strategy, walk(120, { seed, timeframe: 'M5' }))
        const first = signals.findIndex(({ direction }) => direction !== 'none')
        if (first >= 0) earliest = Math.min(earliest, first)
        for (const signal of signals) {
          if (signal.direction === 'none') continue
          if (!(signal.confidence >= 0 && signal.confidence <= 1)) t.fail(`confidence ${signal.confidence}`)
          if (signal.reason.length === 0) t.fail('a signal without a reason')
        }
      }
      t.equal(earliest + 1, warmUp, 'the earliest of two hundred walks signals exactly at the warm-up')
      t.ok(strategy.memory(params) >= warmUp)
    },
  )
}

/** Candles of a market that moves by these cents, one after the other. */
function fromMoves(moves: readonly number[]): Candle[] {
  let close = 100
  return moves.map((move, index) => {
    const open = close
    close = Math.max(1, Math.round(close * 100 + move) / 100)
    return { time: index * 300_000, open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 1 }
  })
}

function scaled(candle: Candle, factor: number): Candle {
  const { open, high, low, close } = candle
  return { ...candle, open: open * factor, high: high * factor, low: low * factor, close: close * factor }
}

/** A bucket with at least one M1 bar is a bar. */
function toM5(minutes: readonly Candle[]): Candle[] {
  const buckets = new Map<number, Candle>()
  for (const minute of minutes) {
    const time = bucketStart(minute.time, 'M5')
    const bar = buckets.get(time) ?? { ...minute, time, volume: 0 }
    const { open, volume } = bar
    const high = Math.max(bar.high, minute.high)
    const low = Math.min(bar.low, minute.low)
    buckets.set(time, { time, open, high, low, close: minute.close, volume: volume + minute.volume })
  }
  return [...buckets.values()]
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
