import fc from 'fast-check'
import t from 'tap'
import { createDrawdown } from './drawdown.js'
import { createEquityCurve } from './equity-curve.js'
import { fromUnits, toUnits } from './units.js'

const walks = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 400 })
const limits = fc.integer({ min: 4, max: 40 })

function curveOf(values: readonly number[], maxPoints: number) {
  const curve = createEquityCurve(maxPoints)
  values.forEach((value, time) => {
    curve.add({ time, equity: BigInt(value) })
  })
  return curve.points().map(({ time, equity }) => ({ time, equity: Number(equity) }))
}

t.test('a thinned curve is bounded, in order, and keeps its ends and extremes', (t) => {
  fc.assert(
    fc.property(walks, limits, (values, maxPoints) => {
      const points = curveOf(values, maxPoints)
      const times = points.map(({ time }) => time)
      const least = Math.min(...values)
      const most = Math.max(...values)
      return (
        points.length <= maxPoints &&
        times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0)) &&
        points.every(({ time, equity }) => values[time] === equity) &&
        times[0] === 0 &&
        times.at(-1) === values.length - 1 &&
        points.some(({ equity }) => equity === least) &&
        points.some(({ equity }) => equity === most)
      )
    }),
  )
  t.end()
})

t.test('a short curve is kept whole', (t) => {
  t.equal(curveOf([1, 5, 2, 4], 10).length, 4)
  t.equal(curveOf([], 10).length, 0)
  t.end()
})

t.test('every stretch keeps its own high and low', (t) => {
  // 4 buckets of 2: each has a high and a low.
  const points = curveOf([0, 9, 1, 8, 2, 7, 3, 6], 10)
  t.same(
    points.map(({ equity }) => equity),
    [0, 9, 1, 8, 2, 7, 3, 6],
  )
  // 2 buckets of 4.
  t.same(
    curveOf([0, 9, 1, 8, 2, 7, 3, 6], 6).map(({ equity }) => equity),
    [0, 9, 2, 7, 6],
  )
  t.end()
})

t.test('the drawdown is the deepest fall below a peak, in money and in per cent of that peak', (t) => {
  const drawdown = createDrawdown()
  const equity = ['100', '120', '90', '200', '160', '210', '205']
  equity.forEach((value, time) => {
    drawdown.add(time, toUnits(value))
  })
  // 120 → 90 is 25 %; 200 → 160 is 40.
  t.same(drawdown.value(), { amount: '40.00', percent: 25, from: 3, to: 4 })
  t.end()
})

t.test('without a fall there is no drawdown', (t) => {
  const drawdown = createDrawdown()
  for (const [time, value] of ['100', '100', '101'].entries()) drawdown.add(time, toUnits(value))
  t.same(drawdown.value(), { amount: '0.00', percent: 0, from: null, to: null })
  t.end()
})

t.test('money goes into units and back without loss', (t) => {
  const table: [string, string][] = [
    ['0', '0.00'],
    ['-0.5', '-0.50'],
    ['12.5', '12.50'],
    ['123456789012345678.123456789012345678', '123456789012345678.123456789012345678'],
    ['-0.000000000000000001', '-0.000000000000000001'],
    ['100', '100.00'],
  ]
  for (const [given, shown] of table) t.equal(fromUnits(toUnits(given)), shown)
  t.throws(() => toUnits('0.1234567890123456789'), RangeError)
  const cents = Array.from({ length: 1_000 }, () => toUnits('0.10')).reduce((a, b) => a + b)
  t.equal(fromUnits(cents), '100.00', 'a thousand dimes are a hundred')
  t.end()
})
