import { dayMs } from '@sath/core'
import t from 'tap'
import { grantOfSubscription, keptGrantOf } from './grant-of-subscription.js'
import type { SubscriptionState } from './subscription-state.js'

const now = Date.UTC(2026, 10, 20)
const day = (n: number) => now + n * dayMs

function state(over: Partial<SubscriptionState> = {}): SubscriptionState {
  return {
    id: 'sub',
    customerId: 'cus',
    status: 'active',
    createdAt: day(-40),
    sold: { planId: 'pro', cycle: 'monthly' },
    periodStart: day(-10),
    periodEnd: day(20),
    cancelAt: null,
    cancelAtPeriodEnd: false,
    cancelAskedAt: null,
    trialEnd: null,
    pastDueSince: null,
    disputed: false,
    kept: undefined,
    amountMinor: 9900n,
    currency: 'USD',
    latestInvoiceId: null,
    invoiceUrl: null,
    livemode: false,
    ...over,
  }
}

/** "pro until day 3", "pro without end", "nothing". */
function words(grant: ReturnType<typeof grantOfSubscription>): string {
  if (!grant) return 'nothing'
  return `${grant.planId} ${grant.endsAt === null ? 'without end' : `until day ${(grant.endsAt - now) / dayMs}`}`
}

t.test('what a subscription entitles to', async (t) => {
  for (const [over, wanted] of [
    [{}, 'pro without end'],
    [{ status: 'trialing', trialEnd: day(5) }, 'pro without end'],
    [{ cancelAt: day(20) }, 'pro until day 20'],
    [{ status: 'trialing', cancelAt: day(5) }, 'pro until day 5'],
    [{ cancelAt: day(0) }, 'nothing'],
    [{ status: 'past_due', pastDueSince: day(-1) }, 'pro until day 6'],
    [{ status: 'past_due', pastDueSince: day(-6.5) }, 'pro until day 0.5'],
    [{ status: 'past_due', pastDueSince: day(-7) }, 'nothing'],
    [{ status: 'past_due', pastDueSince: day(-1), cancelAt: day(2) }, 'pro until day 2'],
    [{ status: 'past_due', periodStart: day(-3) }, 'pro until day 4'],
    [{ status: 'active', pastDueSince: day(-30) }, 'pro without end'],
    [{ status: 'unpaid' }, 'nothing'],
    [{ status: 'canceled' }, 'nothing'],
    [{ status: 'incomplete' }, 'nothing'],
    [{ status: 'incomplete_expired' }, 'nothing'],
    [{ status: 'paused' }, 'nothing'],
    [{ status: 'a word of next year' }, 'nothing'],
    [{ disputed: true }, 'nothing'],
    [{ sold: undefined }, 'nothing'],
  ] as const)
    t.equal(words(grantOfSubscription(state(over), 7, now)), wanted, JSON.stringify(over))
  t.equal(
    words(grantOfSubscription(state({ status: 'past_due', pastDueSince: day(0) }), 0, now)),
    'nothing',
    'no grace',
  )
})

t.test('what a downgrade leaves of what was paid for', async (t) => {
  const kept = { planId: 'enterprise', until: day(20) }
  for (const [over, wanted] of [
    [{}, 'enterprise until day 20'],
    [{ cancelAt: day(20) }, 'enterprise until day 20'],
    [{ cancelAt: day(3) }, 'enterprise until day 3'],
    [{ status: 'past_due', pastDueSince: day(0) }, 'enterprise until day 7'],
    [{ status: 'canceled' }, 'nothing'],
    [{ disputed: true }, 'nothing'],
    [{ kept: { planId: 'enterprise', until: day(0) } }, 'nothing'],
    [{ kept: undefined }, 'nothing'],
  ] as const)
    t.equal(
      words(keptGrantOf(state({ kept, ...over } as Partial<SubscriptionState>), 7, now)),
      wanted,
      JSON.stringify(over),
    )
})
