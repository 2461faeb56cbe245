import t from 'tap'
import { type Draft, emptyDraft, newStrategy } from './draft.js'
import { standingFaults } from './standing-faults.js'

const info = { id: 'rsi', name: 'RSI', summary: '', source: '', warmUp: 1, params: { properties: {} } }
const strategy = newStrategy('7a0f6a50-50f3-4f5c-8a2c-2a3a54d4a111', info, 'BTCUSDT')
const sent: Draft = { ...emptyDraft(), strategies: [{ ...strategy, stake: '6.00' }, strategy] }
const faults = {
  capital: 'too much',
  'risk.maxTradesPerDay': 'too many',
  'strategies.0.stake': 'level 0 stakes 6.00',
  'strategies.1.risk.maxTradesPerDay': 'too many',
}

function left(now: Draft): string[] {
  return Object.keys(standingFaults(faults, sent, now))
}

function withFirst(change: object): Draft {
  return { ...sent, strategies: sent.strategies.map((one, index) => (index === 0 ? { ...one, ...change } : one)) }
}

t.test('a message goes when its field changes, and no other', async (t) => {
  const all = Object.keys(faults)
  const without = (...gone: string[]) => all.filter((path) => !gone.includes(path))
  t.same(left(sent), all)
  t.same(left({ ...sent, strategies: sent.strategies.map((one) => ({ ...one })) }), all, 'a copy is no change')
  t.same(left({ ...sent, mode: 'live' }), all)
  t.same(left(withFirst({ name: 'Mine' })), all)
  t.same(left(withFirst({ stake: '5.00' })), without('strategies.0.stake'))
  t.same(left({ ...sent, risk: { maxTradesPerDay: '5' } }), without('risk.maxTradesPerDay'))
})

t.test('the message at a stake goes with whatever its ladder comes of', async (t) => {
  for (const change of [
    { martingale: { ...strategy.martingale, maxLevel: '1' } },
    { symbols: ['ETHUSDT'] },
    { enabled: false },
  ])
    t.notOk(left(withFirst(change)).includes('strategies.0.stake'), JSON.stringify(change))
  t.same(left({ ...sent, capital: '50.00' }), ['risk.maxTradesPerDay', 'strategies.1.risk.maxTradesPerDay'])
})
