import t from 'tap'
import { barRange } from './win-rate-range.js'

t.test('shows everything, on a scale that has a width', async (t) => {
  t.same(barRange({ value: 0.5, low: 0.48, high: 0.52 }, 0.5405), { from: 0.45, to: 0.6 })
  const shares = [0, 0.001, 0.05, 0.4999, 0.5, 0.951, 0.9999, 1]
  for (const low of shares)
    for (const high of shares.filter((share) => share >= low))
      for (const needed of [null, ...shares]) {
        const { from, to } = barRange({ value: low, low, high }, needed)
        const shown = [low, high, needed ?? low]
        t.ok(from >= 0 && to <= 1 && from < to, `${low} ${high} ${needed}`)
        t.ok(
          shown.every((share) => from <= share && share <= to),
          `${low} ${high} ${needed} within ${from} to ${to}`,
        )
      }
})
