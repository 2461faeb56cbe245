import t from 'tap'
import { median, percentile } from './samples.js'

t.test('percentiles are taken from the sorted samples', async (t) => {
  t.equal(median([9, 1, 5]), 5)
  t.equal(median([10, 1, 9, 2]), 5.5, 'between the two in the middle')
  t.equal(percentile([1, 2, 3, 4, 5], 1), 5)
  t.equal(percentile([7], 0.99), 7)
  t.throws(() => median([]), { message: 'there are no samples' })
})
