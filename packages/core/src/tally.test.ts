import fc from 'fast-check'
import t from 'tap'
import { addTo, compareTallies, compareToSum, emptyTally, money, takeFrom, tallyOf, totalOf } from './index.js'

const digits = (most: number) => fc.bigInt({ min: 0n, max: 10n ** BigInt(most) - 1n }).map(String)
/** Plain decimals, most of them as long as amounts are, some as long as they may be. */
const decimal = fc
  .oneof(
    { weight: 6, arbitrary: fc.tuple(digits(5), digits(3)) },
    { weight: 1, arbitrary: fc.tuple(digits(17), digits(18)) },
  )
  .chain(([whole, part]) => fc.constantFrom(`${whole}.${part}`, `-${whole}.${part}`, whole, `-${whole}`, '0', '0.00'))

t.test('a tally is the sum of what was added and taken, and compares as it does', async (t) => {
  let long = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(decimal, fc.boolean()), { maxLength: 20 }), decimal, (steps, limit) => {
      const tally = emptyTally()
      let sum = '0'
      for (const [amount, isAdded] of steps) {
        if (isAdded) addTo(tally, tallyOf(amount))
        else takeFrom(tally, tallyOf(amount))
        sum = isAdded ? money.add(sum, amount) : money.subtract(sum, amount)
        const most = tallyOf(limit)
        t.equal(compareTallies(tally, most), money.compare(sum, limit), `${sum} <> ${limit}`)
        t.equal(compareTallies(tally, tallyOf(sum)), 0)
        const other = tallyOf(money.subtract(limit, sum))
        t.equal(compareToSum(most, tallyOf(amount), tally), money.compare(limit, money.add(amount, sum)))
        t.equal(compareToSum(most, other, tally), 0, `${limit} <> ${other.text} + ${sum}`)
        if (amount.length % 2 === 0) t.equal(totalOf(tally), sum, 'asked under way')
      }
      t.equal(totalOf(tally), sum)
      t.equal(totalOf(tally), sum, 'asked again')
      if (Number.isNaN(tally.units)) long++
    }),
    { numRuns: 300 },
  )
  t.ok(long > 20, `${long} became too long for a float`)
})

t.test('a sum that becomes too long, and short again, stays exact', async (t) => {
  const tally = emptyTally()
  for (const amount of ['999999999999999', '0.000001', '-999999999999999']) addTo(tally, tallyOf(amount))
  t.equal(totalOf(tally), '0.000001')
  t.equal(compareTallies(tally, emptyTally()), 1)
})

t.test('an amount is written as it was given until it changes', async (t) => {
  const tally = tallyOf('10.00')
  t.equal(totalOf(tally), '10.00')
  addTo(tally, tallyOf('0.50'))
  t.equal(totalOf(tally), '10.5')
})
