import t from 'tap'
import { amountText } from './amounts.js'
import { addIntervals, type Interval, periodFrom } from './billing-period.js'
import { prorated } from './proration.js'

t.test('amounts are read in the digits of their currency', async (t) => {
  const cases: [number, string, string][] = [
    [2900, 'usd', '29.00 USD'],
    [5, 'eur', '0.05 EUR'],
    [-1234, 'usd', '-12.34 USD'],
    [2900, 'jpy', '2900 JPY'],
    [0, 'clp', '0 CLP'],
    [1500, 'kwd', '1.500 KWD'],
  ]
  for (const [minor, currency, text] of cases) t.equal(amountText(minor, currency), text)
})

const seconds = (text: string) => Date.parse(`${text}Z`) / 1_000

t.test('months keep the day of the anchor, or the last one of a shorter month', async (t) => {
  const cases: [string, Interval, number, string][] = [
    ['2026-01-31T08:09:10', 'month', 1, '2026-02-28T08:09:10'],
    ['2026-01-31T08:09:10', 'month', 2, '2026-03-31T08:09:10'],
    ['2024-02-29T00:00:00', 'year', 1, '2025-02-28T00:00:00'],
    ['2024-02-29T00:00:00', 'year', 4, '2028-02-29T00:00:00'],
    ['2026-12-15T00:00:00', 'month', 1, '2027-01-15T00:00:00'],
    ['2026-01-31T00:00:00', 'week', 2, '2026-02-14T00:00:00'],
  ]
  for (const [from, interval, count, to] of cases)
    t.equal(addIntervals(seconds(from), interval, count), seconds(to), from)
})

t.test('a period begun on a clamped day ends on the day of the anchor', async (t) => {
  const period = periodFrom(seconds('2026-01-31T00:00:00'), seconds('2026-02-28T00:00:00'), 'month', 1)
  t.equal(period.end, seconds('2026-03-31T00:00:00'))
})

t.test('prorations are whole minor units, to the second', async (t) => {
  const month = { start: 0, end: 30 * 86_400 }
  const cases: [number, number, number][] = [
    [2900, 0, 2900],
    [2900, 15 * 86_400, 1450],
    [2900, 30 * 86_400, 0],
    [2900, 1, 2900],
    [2900, 446, 2900],
    [2900, 447, 2899],
    [-2900, 15 * 86_400, -1450],
    [1, 15 * 86_400, 1],
    [299_000_000, 1, 298_999_885],
  ]
  for (const [amount, at, expected] of cases) t.equal(prorated(amount, month, at), expected, `${amount} at ${at}`)
})
