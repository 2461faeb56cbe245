import t from 'tap'
import { entitlements } from './index.js'
import { plans } from './plans.fixture.js'

t.test('a plan lasts until it may fall', async (t) => {
  const grant = (planId: string, from: number, to: number | null, source: 'admin' | 'promo' | 'stripe' = 'promo') => {
    return { id: `${planId}${from}${source}`, source, planId, startsAt: from, endsAt: to }
  }
  for (const [name, given, now, plan, source, until] of [
    ['nothing is free', [], 5, 'free', 'default', null],
    ['its first moment', [grant('pro', 5, 9)], 5, 'pro', 'promo', 9],
    ['its last', [grant('pro', 5, 9)], 8, 'pro', 'promo', 9],
    ['its end is not its own', [grant('pro', 5, 9)], 9, 'free', 'default', null],
    ['the higher of two', [grant('pro', 5, 9), grant('top', 6, 7)], 6, 'top', 'promo', 7],
    ['then the lower again', [grant('pro', 5, 9), grant('top', 6, 7)], 7, 'pro', 'promo', 9],
    ['what follows without a gap', [grant('pro', 5, 9), grant('pro', 9, 12)], 6, 'pro', 'promo', 12],
    ['what follows higher', [grant('pro', 5, 9), grant('top', 9, 12)], 6, 'pro', 'promo', 12],
    ['what follows lower', [grant('pro', 5, 9), grant('basic', 9, 12)], 6, 'pro', 'promo', 9],
    ['what follows after a gap', [grant('pro', 5, 9), grant('pro', 10, 12)], 6, 'pro', 'promo', 9],
    ['without end', [grant('pro', 5, null)], 6, 'pro', 'promo', null],
    ['then without end', [grant('pro', 5, 9), grant('pro', 8, null, 'admin')], 6, 'pro', 'promo', null],
    ['of equals the last to end', [grant('pro', 5, 9), grant('pro', 5, null, 'stripe')], 6, 'pro', 'stripe', null],
    ['a grant of nothing', [grant('pro', 5, 5)], 5, 'free', 'default', null],
  ] as const) {
    const { id, ...is } = entitlements({ plans, grants: given, now })
    t.same([id, is.source, is.until], [plan, source, until], name)
  }
  t.throws(() => entitlements({ plans, grants: [grant('none', 0, 9)], now: 1 }), /no plan none/)
})
