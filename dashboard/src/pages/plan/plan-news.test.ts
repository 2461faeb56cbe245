import t from 'tap'
import type { Plan, StripeSubscription, Subscription } from '../../api/types.js'
import { planNews, staysAbove } from './plan-news.js'

const names = [
  { id: 'basic', name: 'Basic' },
  { id: 'pro', name: 'Pro' },
] as Plan[]
const now = Date.parse('2026-03-01T00:00:00Z')
const day = (count: number) => new Date(now + count * 86_400_000).toISOString()

const stripe: StripeSubscription = {
  plan: 'pro',
  cycle: 'monthly',
  status: 'active',
  amount: '99.00',
  currency: 'USD',
  periodEnd: day(20),
  cancelAt: null,
  trialEnd: null,
  pastDueSince: null,
  graceEnd: null,
  paidPlan: null,
  invoiceUrl: null,
}
const mine: Subscription = { plan: 'pro', source: 'stripe', until: null, grants: [], stripe, takesPayments: true }
const tell = (change: Partial<Subscription>, ofStripe: Partial<StripeSubscription> | null = {}) =>
  planNews({ ...mine, stripe: ofStripe && { ...stripe, ...ofStripe }, ...change }, names, now)
const titles = (news: ReturnType<typeof tell>) =>
  news.map(({ title, action }) => [title, action].filter(Boolean).join(' '))

t.test('says what there is to know of a subscription, and what to do', async (t) => {
  const cases: [string, Partial<StripeSubscription>, string[]][] = [
    ['all is well', {}, []],
    ['a payment failed', { status: 'past_due', graceEnd: day(5) }, ['A payment failed. pay']],
    [
      'and was cancelled besides',
      { status: 'past_due', cancelAt: day(9) },
      ['A payment failed. pay', 'The subscription is cancelled. resume'],
    ],
    ['given up on', { status: 'unpaid' }, ['An invoice is not paid. pay']],
    ['the first payment waits', { status: 'incomplete' }, ['The first payment has not gone through. pay']],
    ['a trial without a card ended', { status: 'paused' }, ['The subscription is paused. portal']],
    ['a trial', { status: 'trialing', trialEnd: day(3) }, ['Free trial.']],
    [
      'a trial that is cancelled',
      { status: 'trialing', trialEnd: day(3), cancelAt: day(3) },
      ['The subscription is cancelled. resume'],
    ],
    ['a downgrade waits', { plan: 'basic', paidPlan: { plan: 'pro', until: day(20) } }, ['Basic is coming. resume']],
    ['it is over', { status: 'canceled', cancelAt: day(-1) }, []],
  ]
  for (const [name, change, expected] of cases) t.same(titles(tell({}, change)), expected, name)
  t.match(
    tell({}, { status: 'trialing', trialEnd: day(3) })[0]?.text,
    /\$99\.00 a month/,
    'a trial says what it will cost',
  )
})

t.test('a plan for days says that it ends, unless more of it follows', async (t) => {
  const promo = { source: 'promo', until: day(5) } as const
  const grant = { plan: 'pro', source: 'promo', startsAt: day(-20), endsAt: day(5) } as const
  t.same(titles(tell({ ...promo, grants: [grant] }, null)), ['Pro ends soon.'])
  t.same(titles(tell({ ...promo, until: day(8) }, null)), [], 'not soon')
  const more = { ...grant, startsAt: day(5), endsAt: day(35) }
  t.same(titles(tell({ ...promo, grants: [grant, more] }, null)), [], 'another code follows')
  const less = { ...more, plan: 'basic' }
  t.same(titles(tell({ ...promo, grants: [grant, less] }, null)), ['Pro ends soon.'], 'a lower plan follows')
})

t.test('what was given beside a subscription stays when it is more', async (t) => {
  const given = { plan: 'pro', source: 'admin', startsAt: day(-1), endsAt: day(5) } as const
  t.equal(staysAbove([given], names, 'basic'), given)
  t.equal(staysAbove([given], names, 'pro'), undefined, 'the same plan')
  t.equal(staysAbove([{ ...given, source: 'stripe' }], names, 'basic'), undefined, 'the subscription itself')
})
