import fc from 'fast-check'
import t from 'tap'
import { capitalRefusal, money, tallyOf } from './index.js'

t.test('what is left, in the words of the owner', async (t) => {
  const cases: [capital: string, profit: string, stake: string, exposure: string, reason: string | undefined][] = [
    ['100.00', '0', '100.00', '100', undefined],
    ['100', '0', '100.01', '100.01', 'only 100.00 of the capital of 100.00 is left'],
    ['100.00', '-88', '12', '12', undefined],
    ['100.00', '-88', '20.00', '20.00', 'only 12.00 of the capital of 100.00 is left'],
    ['100.00', '-80.006', '20.00', '28.00', 'only 11.99 of the capital of 100.00 is left'],
    ['100.00', '-120', '1', '1', 'only 0.00 of the capital of 100.00 is left'],
    ['100.00', '50', '150', '150.00', undefined],
    ['100.00', '50', '160', '170', 'only 140.00 of the capital of 100.00 and its profit is left'],
  ]
  for (const [capital, profit, stake, exposure, reason] of cases)
    t.equal(
      capitalRefusal({ capital: tallyOf(capital), profit: tallyOf(profit), stake, exposure }),
      reason,
      `${capital} ${profit} ${stake} ${exposure}`,
    )
})

t.test('whatever is lost, it is never more than the capital', async (t) => {
  const cents = (most: number) => fc.integer({ min: 1, max: most }).map((units) => money.divide(`${units}`, '100', 2))
  const step = fc.record({ stake: cents(5_000), closes: fc.nat({ max: 3 }), wins: fc.boolean() })
  fc.assert(
    fc.property(cents(20_000), fc.array(step, { maxLength: 100 }), (capital, steps) => {
      const open: string[] = []
      let profit = '0'
      for (const { stake, closes, wins } of steps) {
        for (const ended of open.splice(0, closes))
          profit = wins ? money.add(profit, money.multiply(ended, '0.85')) : money.subtract(profit, ended)
        const exposure = money.sum([...open, stake])
        if (capitalRefusal({ capital: tallyOf(capital), profit: tallyOf(profit), stake, exposure }) === undefined)
          open.push(stake)
      }
      t.ok(money.compare(money.subtract(profit, money.sum(open)), `-${capital}`) >= 0)
    }),
  )
})
