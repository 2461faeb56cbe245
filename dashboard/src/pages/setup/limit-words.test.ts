import t from 'tap'
import { inWords } from './limit-words.js'

t.test('says limits in words and leaves other messages', async (t) => {
  t.same(inWords({ path: 'strategies', message: "maxSymbols: 2 is more than the plan's 1" }), {
    path: '',
    message: "Symbols: 2 is more than the plan's 1",
  })
  t.same(inWords({ path: 'strategies.0.stake', message: 'maxCapitalPerTrade: level 2 stakes 8.00' }), {
    path: 'strategies.0.stake',
    message: 'Stake: level 2 stakes 8.00',
  })
  t.same(inWords({ path: 'capital', message: 'must be a positive decimal: see there' }), {
    path: 'capital',
    message: 'Must be a positive decimal: see there',
  })
})
