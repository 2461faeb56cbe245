import t from 'tap'
import { createDailyRatios } from './daily-ratios.js'

const day = 86_400_000
const year = Math.sqrt(365)

/** One profit a day, told at noon. */
function ofDays(profits: readonly number[]) {
  const ratios = createDailyRatios()
  profits.forEach((profit, index) => {
    ratios.add(index * day + day / 2, profit)
  })
  return { sharpe: ratios.sharpe(), sortino: ratios.sortino() }
}

t.test('the Sortino ratio of the published example is 4.417', (t) => {
  // Rollinger and Hoffman, Sortino: A 'Sharper' Ratio, 2013: yearly returns, target 0.
  const { sortino } = ofDays([17, 15, 23, -5, 12, 9, 13, -4])
  t.equal(((sortino ?? 0) / year).toFixed(3), '4.417')
  t.end()
})

t.test('the Sharpe ratio is the mean over the sample standard deviation, times √365', (t) => {
  const { sharpe } = ofDays([1, 2, 3])
  t.ok(Math.abs((sharpe ?? 0) - 2 * year) < 1e-12, 'mean 2, deviation 1')
  t.end()
})

t.test('neither depends on the unit of money', (t) => {
  const [small, large] = [ofDays([1, -2, 3, 4]), ofDays([1_000, -2_000, 3_000, 4_000])]
  t.ok(Math.abs((small.sharpe ?? 0) - (large.sharpe ?? 1)) < 1e-12)
  t.ok(Math.abs((small.sortino ?? 0) - (large.sortino ?? 1)) < 1e-12)
  t.end()
})

t.test('both are null where they would divide by nothing', (t) => {
  t.same(ofDays([]), { sharpe: null, sortino: null }, 'no day')
  t.same(ofDays([5]), { sharpe: null, sortino: null }, 'one day')
  t.same(ofDays([5, 5, 5]), { sharpe: null, sortino: null }, 'every day the same')
  t.same(ofDays([0, 0]), { sharpe: null, sortino: null }, 'no trade')
  t.equal(ofDays([1, 2]).sortino, null, 'no losing day')
  t.not(ofDays([-1, -1]).sortino, null, 'without spread, but with losses')
  t.end()
})

t.test('days between are days without profit, and a close at midnight belongs to the day that ends', (t) => {
  const gap = createDailyRatios()
  gap.add(day / 2, 3)
  gap.add(3 * day + 1, -1)
  t.equal(gap.sharpe(), ofDays([3, 0, 0, -1]).sharpe)
  const midnight = createDailyRatios()
  midnight.add(day / 2, 1)
  midnight.add(day, 2)
  midnight.add(day + 1, -1)
  t.equal(midnight.sharpe(), ofDays([3, -1]).sharpe)
  t.end()
})

t.test('asking changes nothing', (t) => {
  const ratios = createDailyRatios()
  ratios.add(day / 2, 1)
  ratios.add(day + day / 2, 2)
  const before = ratios.sharpe()
  t.equal(ratios.sharpe(), before)
  ratios.add(2 * day, 1)
  t.equal(ratios.sharpe(), ofDays([1, 3]).sharpe, 'the day that was not over has gone on')
  t.end()
})
