import t, { type Test } from 'tap'
import { meanEstimate, studentQuantile, wilson } from './estimate.js'
import { addMoment, noMoments } from './moments.js'
import { normalQuantile } from './normal-quantile.js'

function near(t: Test, actual: number | undefined, expected: number, within: number, message: string) {
  t.ok(actual !== undefined && Math.abs(actual - expected) <= within, `${message}: ${actual}, expected ${expected}`)
}

t.test('the normal quantile agrees with the values Wichura publishes and with deep tails', (t) => {
  const known: [number, number][] = [
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167813],
    [1e-20, -9.262340089798409],
    [1e-10, -6.361340902404056],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
  ]
  for (const [p, value] of known) near(t, normalQuantile(p), value, 1e-14, `p ${p}`)
  t.equal(normalQuantile(0.5), 0)
  t.end()
})

t.test("Student's quantile agrees with the printed tables (97.5 %)", (t) => {
  const table: [number, number][] = [
    [5, 2.571],
    [10, 2.228],
    [20, 2.086],
    [29, 2.045],
    [30, 2.042],
    [120, 1.98],
  ]
  for (const [freedom, value] of table) {
    near(t, studentQuantile(0.975, freedom), value, freedom < 10 ? 0.004 : 0.0006, `${freedom} degrees`)
  }
  t.end()
})

t.test("Wilson's interval is that of R 3.6.2, prop.test without correction (as in scipy's test_binomtest)", (t) => {
  const known: [number, number, number, number, number][] = [
    [3, 10, 0.95, 0.1077913, 0.6032219],
    [3, 10, 0.99, 0.07956632, 0.6799753],
    [0, 10, 0.95, 0, 0.2775328],
    [10, 10, 0.95, 1 - 0.2775328, 1],
  ]
  for (const [wins, trials, confidence, low, high] of known) {
    const found = wilson(wins, trials, confidence)
    near(t, found?.low, low, 1e-7, `${wins} of ${trials}: low`)
    near(t, found?.high, high, 1e-7, `${wins} of ${trials}: high`)
  }
  t.equal(wilson(0, 0), null, 'nothing was tried')
  t.end()
})

t.test("a mean comes with Student's interval, worked by hand", (t) => {
  const moments = noMoments()
  for (const value of [2, 4, 4, 4, 5, 5, 7, 9, 1, 9]) addMoment(moments, value)
  // Mean 5; squared deviations 9+1+1+1+0+0+4+16+16+16 = 64; error √(64/9/10) = 0.84327; t(9) = 2.262.
  const found = meanEstimate(moments)
  near(t, found?.value, 5, 1e-12, 'mean')
  near(t, found?.low, 5 - 2.262 * 0.84327, 0.001, 'low')
  near(t, found?.high, 5 + 2.262 * 0.84327, 0.001, 'high')
  t.end()
})

t.test('a mean has no interval where the sample does not tell its error', (t) => {
  const moments = noMoments()
  t.equal(meanEstimate(moments), null, 'no value')
  addMoment(moments, 0.1)
  t.equal(meanEstimate(moments), null, 'one value')
  for (let i = 0; i < 50; i++) addMoment(moments, 0.1)
  t.equal(meanEstimate(moments), null, 'all values are equal')
  t.end()
})
