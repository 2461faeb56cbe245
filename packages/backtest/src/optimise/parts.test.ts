import { checkParams, findStrategy, type Params } from '@sath/strategies'
import fc from 'fast-check'
import t from 'tap'
import { expectedMaximum, luckyWinRate, sidakConfidence } from './luck.js'
import { gridVariants, randomVariants } from './variants.js'
import { walkForward } from './walk-forward.js'

const emaCross = findStrategy('ema-cross')
const specs = emaCross?.params ?? {}
const allows = (params: Params) => checkParams('ema-cross', params).length === 0

t.test('the expected best of n is that of the tables', (t) => {
  // Harter, Biometrika 48 (1961), table 1.
  const table: [number, number][] = [
    [1, 0],
    [2, 0.56419],
    [5, 1.16296],
    [10, 1.53875],
    [20, 1.86748],
    [50, 2.24907],
    [100, 2.50759],
  ]
  for (const [count, value] of table) {
    const found = expectedMaximum(count)
    t.ok(Math.abs(found - value) < 0.001, `${count}: ${found}, expected ${value}`)
  }
  t.end()
})

t.test('luck grows with the variants and shrinks with the trades', (t) => {
  // Half of 400 trades: one deviation is 2.5 points; the best of 100 is 2.50759 of them off.
  t.ok(Math.abs(luckyWinRate(0.5, 400, 100) - (0.5 + 0.025 * 2.50759)) < 0.0001)
  t.equal(luckyWinRate(0.5, 400, 1).toFixed(9), '0.500000000')
  t.ok(luckyWinRate(0.9, 1, 1_000) <= 1)
  t.end()
})

t.test('widened intervals hold together with 95 %', (t) => {
  t.equal(sidakConfidence(1), 0.95)
  // 1 - (1 - 0.05)^(1/10) = 0.005116, as tabulated.
  t.equal((1 - sidakConfidence(10)).toFixed(6), '0.005116')
  t.end()
})

t.test('windows follow each other to the end, each trained before it is tested', (t) => {
  const spans = fc.record({ from: fc.integer({ min: 0, max: 1e12 }), length: fc.integer({ min: 1e6, max: 1e11 }) })
  const shares = fc.double({ min: 0.1, max: 0.9, noNaN: true })
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 50 }), shares, ({ from, length }, count, share) => {
      const windows = walkForward({ from, to: from + length }, count, share)
      return (
        windows.length === count &&
        windows[0]?.train.from === from &&
        windows.at(-1)?.test.to === from + length &&
        windows.every(({ train, test }, index) => {
          const trained = train.to - train.from
          const before = windows[index - 1]
          return (
            train.to === test.from &&
            (before === undefined || before.test.to === test.from) &&
            Math.abs(trained / (test.to - train.from) - share) < 0.001
          )
        })
      )
    }),
  )
  t.end()
})

t.test('windows worked by hand', (t) => {
  t.same(walkForward({ from: 0, to: 1_000 }, 2, 0.75), [
    { train: { from: 0, to: 600 }, test: { from: 600, to: 800 } },
    { train: { from: 200, to: 800 }, test: { from: 800, to: 1_000 } },
  ])
  t.end()
})

t.test('a grid has every allowed combination once, in order', (t) => {
  const { tried, refused } = gridVariants(specs, { fast: { from: 5, to: 9, step: 2 }, slow: [7, 8, 7] }, allows)
  t.same(tried, [
    { fast: 5, slow: 7 },
    { fast: 5, slow: 8 },
    { fast: 7, slow: 8 },
  ])
  t.equal(refused, 3, 'a fast average must be faster')
  t.end()
})

t.test('steps are even, end inside, and show no rounding', (t) => {
  const rsi = findStrategy('rsi-reversal')
  const values = (range: { from: number; to: number; step?: number }) =>
    gridVariants(rsi?.params ?? {}, { oversold: range }, () => true).tried.map(({ oversold }) => oversold)
  t.same(values({ from: 20, to: 20.3, step: 0.1 }), [20, 20.1, 20.2, 20.3])
  t.same(values({ from: 20, to: 20.35, step: 0.1 }), [20, 20.1, 20.2, 20.3])
  t.equal(values({ from: 20, to: 30 }).length, 11, 'a tenth of the range')
  t.same(values({ from: 25, to: 25 }), [25])
  t.end()
})

t.test('a random search draws different allowed combinations, by its seed alone', (t) => {
  const ranges = { fast: { from: 2, to: 30 }, slow: { from: 3, to: 40 } }
  fc.assert(
    fc.property(fc.nat({ max: 0xffff_ffff }), fc.integer({ min: 1, max: 60 }), (seed, count) => {
      const { tried } = randomVariants(specs, ranges, allows, { count, seed })
      const again = randomVariants(specs, ranges, allows, { count, seed })
      return (
        tried.length === count &&
        new Set(tried.map((params) => JSON.stringify(params))).size === count &&
        tried.every(({ fast = 0, slow = 0 }) => fast < slow) &&
        JSON.stringify(tried) === JSON.stringify(again.tried)
      )
    }),
    { numRuns: 30 },
  )
  const [one, two] = [1, 2].map((seed) => randomVariants(specs, ranges, allows, { count: 20, seed }).tried)
  t.notSame(one, two)
  const few = { fast: [2, 3], slow: [5, 6] }
  t.same(randomVariants(specs, few, allows, { count: 10, seed: 1 }), gridVariants(specs, few, allows), 'all there are')
  t.end()
})
