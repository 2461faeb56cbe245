import type { Candle } from '@sath/core'
import { walk } from '@sath/testkit'
import fc from 'fast-check'
import t from 'tap'
import { highest, nextHighest } from './highest.js'
import {
  adx,
  adxMemory,
  atr,
  atrMemory,
  bollinger,
  checkCandle,
  checkPrice,
  donchian,
  ema,
  emaMemory,
  indicators,
  macd,
  macdMemory,
  nextAdx,
  nextAtr,
  nextBollinger,
  nextDonchian,
  nextEma,
  nextMacd,
  nextRsi,
  nextSma,
  nextStandardDeviation,
  nextStochastic,
  rsi,
  rsiMemory,
  sma,
  standardDeviation,
  stochastic,
} from './index.js'

/** Every fold with its defaults: its state, what it returns for a candle, and the candle with which it first speaks. */
const folds: readonly (readonly [id: string, first: number, make: () => Fold])[] = [
  ['sma', 20, () => fold(sma(20), (state, { close }) => nextSma(state, close))],
  ['ema', 20, () => fold(ema(20), (state, { close }) => nextEma(state, close))],
  ['rsi', 15, () => fold(rsi(14), (state, { close }) => nextRsi(state, close))],
  ['macd', 34, () => fold(macd(12, 26, 9), (state, { close }) => nextMacd(state, close))],
  ['bollinger', 20, () => fold(bollinger(20, 2), (state, { close }) => nextBollinger(state, close))],
  ['atr', 15, () => fold(atr(14), (state, { high, low, close }) => nextAtr(state, high, low, close))],
  ['adx', 28, () => fold(adx(14), (state, { high, low, close }) => nextAdx(state, high, low, close))],
  [
    'stochastic',
    18,
    () => fold(stochastic(14, 3, 3), (state, { high, low, close }) => nextStochastic(state, high, low, close)),
  ],
  ['donchian', 21, () => fold(donchian(20), (state, { high, low }) => nextDonchian(state, high, low))],
  ['stdev', 14, () => fold(standardDeviation(14), (state, { close }) => nextStandardDeviation(state, close))],
]

interface Fold {
  readonly state: object
  next(candle: Candle): number | undefined
}

function fold<S extends object>(state: S, next: (state: S, candle: Candle) => number | undefined): Fold {
  return { state, next: (candle) => next(state, candle) }
}

/** Any price that a fold takes, with a liking for the awkward ones. */
const price = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 1, max: 100, noNaN: true }) },
  fc.constantFrom(0, 1, -1, 1e100, -1e100, 5e-324, 1e-300, 0.1),
)
const candle = fc.tuple(price, price, price).map(([a, b, c]) => {
  const [low = 0, close = 0, high = 0] = [a, b, c].sort((x, y) => x - y)
  return bar(high, low, close)
})
const still = fc.tuple(price, fc.integer({ min: 1, max: 40 })).map(([at, times]) => Array(times).fill(bar(at, at, at)))
const anyMarket = fc
  .array(fc.oneof({ weight: 8, arbitrary: candle.map((one) => [one]) }, still), { maxLength: 90 })
  .map((runs) => runs.flat())

function bar(high: number, low: number, close: number): Candle {
  return { time: 0, open: close, high, low, close, volume: 0 }
}

t.test('the folds tried here are all there are', async (t) => {
  t.strictSame(folds.map(([id]) => id).sort(), Object.keys(indicators).sort())
})

for (const [id, first, make] of folds) {
  t.test(`${id}: speaks from candle ${first} on, and always`, async (t) => {
    const { next } = make()
    const spoken = walk(120).map((each) => next(each) !== undefined)
    t.strictSame(
      spoken,
      spoken.map((_, index) => index >= first - 1),
    )
  })

  t.test(`${id}: goes on from its JSON as if nothing had happened`, async (t) => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(119), (seed, cut) => {
        const [whole, resumed] = [make(), make()]
        for (const [index, each] of walk(120, { seed }).entries()) {
          if (index === cut) Object.assign(resumed.state, JSON.parse(JSON.stringify(resumed.state)))
          t.strictSame(resumed.next(each), whole.next(each))
        }
        t.strictSame(resumed.state, whole.state)
      }),
      { numRuns: 30 },
    )
  })

  t.test(`${id}: whatever the prices, gives and remembers finite numbers only`, async (t) => {
    fc.assert(
      fc.property(anyMarket, (market) => {
        const { state, next } = make()
        for (const each of market) {
          const value = next(each)
          if (value !== undefined && !Number.isFinite(value)) t.fail(`${value} from ${JSON.stringify(each)}`)
        }
        t.notMatch(JSON.stringify(state), /null/, 'a number that is not finite is null in JSON')
      }),
      { numRuns: 150 },
    )
  })

  t.test(`${id}: refuses what is no number, and is as before`, async (t) => {
    const market = walk(60, { seed: 4 })
    const { state, next } = make()
    for (const each of market) {
      const before = JSON.stringify(state)
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.1e100]) {
        t.throws(() => next({ ...each, high: bad, low: bad, close: bad }), {
          name: 'AppError',
          code: 'invalid-request',
        })
      }
      t.equal(JSON.stringify(state), before)
      next(each)
    }
  })
}

t.test('the folds of whole candles name the field that is wrong', async (t) => {
  const cases: [high: number, low: number, close: number, path: string, message: RegExp][] = [
    [Number.NaN, 1, 2, 'high', /finite number, not NaN/],
    [3, Number.NEGATIVE_INFINITY, 2, 'low', /finite number, not -Infinity/],
    [3, 1, Number.NaN, 'close', /finite number, not NaN/],
    [1, 3, 2, 'high', /highest price/],
    [3, 1, 4, 'high', /highest price/],
    [3, 1, 0, 'low', /lowest price/],
  ]
  for (const [high, low, close, path, message] of cases) {
    const refused = { code: 'invalid-request', errors: [{ path, message }] }
    t.throws(() => nextAtr(atr(2), high, low, close), refused)
    t.throws(() => nextAdx(adx(2), high, low, close), refused)
    t.throws(() => nextStochastic(stochastic(2, 1, 1), high, low, close), refused)
  }
})

t.test('a whole candle may touch the ends of its range, and of all prices, but not pass them', async (t) => {
  const cases: [open: number, high: number, low: number, close: number, path?: string][] = [
    [5, 5, 5, 5],
    [1, 2, 1, 2],
    [2, 2, 1, 1],
    [0, 1e100, -1e100, 0],
    [0, 1.1e100, 0, 0, 'high'],
    [0, 0, -1.1e100, 0, 'low'],
    [3, 2, 1, 2, 'high'],
    [1, 2, 1, 3, 'high'],
    [0, 2, 1, 2, 'low'],
    [1, 2, 1, 0, 'low'],
    [Number.NaN, 2, 1, 2, 'open'],
  ]
  for (const [open, high, low, close, path] of cases) {
    const check = () => checkCandle({ time: 0, open, high, low, close, volume: 0 })
    if (path) t.throws(check, { code: 'invalid-request', errors: [{ path }] })
    else t.doesNotThrow(check)
  }
  t.doesNotThrow(() => checkPrice(-1e100))
})

t.test('what the formulas leave open has a value', async (t) => {
  const last = ({ next }: Fold, candles: Candle[]) => candles.map(next).at(-1)
  const closes = (...prices: number[]) => prices.map((at) => bar(at, at, at))
  const ofRsi = () => fold(rsi(3), (state, { close }) => nextRsi(state, close))
  t.equal(last(ofRsi(), closes(5, 5, 5, 5)), 50, 'RSI without movement')
  t.equal(last(ofRsi(), closes(1, 2, 3, 4)), 100, 'RSI without losses')
  t.equal(last(ofRsi(), closes(4, 3, 2, 1)), 0, 'RSI without gains')
  const flat = Array.from({ length: 60 }, () => bar(7, 7, 7))
  const values = Object.fromEntries(folds.map(([id, , make]) => [id, last(make(), flat)]))
  const zeros = { macd: 0, atr: 0, adx: 0, stdev: 0 }
  t.strictSame(values, { ...zeros, sma: 7, ema: 7, rsi: 50, bollinger: 7, stochastic: 50, donchian: 7 })
})

t.test('sums and highest numbers are those of the window looked at afresh, to the last bit', async (t) => {
  const prices = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(prices, fc.integer({ min: 1, max: 12 }), (all, period) => {
      const [deviation, average, best] = [standardDeviation(period), sma(period), highest(period)]
      for (const [index, x] of all.entries()) {
        const found = [nextStandardDeviation(deviation, x), nextSma(average, x), nextHighest(best, x)]
        const window = all.slice(Math.max(0, index + 1 - period), index + 1)
        t.equal(best.best, Math.max(...window))
        if (window.length < period) {
          t.strictSame(found, [undefined, undefined, false])
          continue
        }
        const mean = window.reduce((sum, each) => sum + each, 0) / period
        const squares = window.reduce((sum, each) => sum + (each - mean) ** 2, 0)
        t.strictSame(found, [Math.sqrt(squares / period), mean, true])
        t.equal(deviation.mean, mean)
      }
    }),
    { numRuns: 60 },
  )
})

t.test('forgets where it began after its memory', async (t) => {
  const market = walk(3_000, { seed: 8 })
  const memories: Record<string, number> = {
    ema: emaMemory(20),
    rsi: rsiMemory(14),
    macd: macdMemory(26, 9),
    atr: atrMemory(14),
    adx: adxMemory(14),
  }
  for (const [id, , make] of folds) {
    const memory = memories[id] ?? 40
    const [whole, later] = [make(), make()]
    const difference = market.map((each, index) => {
      const value = whole.next(each)
      return index < market.length - memory ? 0 : Math.abs((value ?? 0) - (later.next(each) ?? 0))
    })
    t.ok((difference.at(-1) ?? 1) < 1e-9, `${id} differs by ${difference.at(-1)} after ${memory} candles`)
  }
  t.equal(emaMemory(1), 2, 'a period of one remembers nothing')
})
