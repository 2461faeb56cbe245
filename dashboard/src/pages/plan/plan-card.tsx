import { useId } from 'react'
import type { BillingCycle, Grant, Plan, StripeSubscription, Subscription } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { day, money } from '../../parts/format.js'
import { CancelPlan } from './cancel-plan.js'
import { ChoosePlan } from './choose-plan.js'
import { PlanFactList } from './plan-fact-list.js'
import { isFree, periods, planName, priceOf, yearlySaving } from './plan-facts.js'
import { staysAbove } from './plan-news.js'

interface PlanCardProps {
  readonly plan: Plan
  readonly plans: readonly Plan[]
  readonly cycle: BillingCycle
  readonly mine: Subscription
  /** The subscription that goes on, if there is one. */
  readonly live: StripeSubscription | null
  readonly canBuy: boolean
}

export function PlanCard({ plan, plans, cycle, mine, live, canBuy }: PlanCardProps) {
  const heading = useId()
  const saving = cycle === 'yearly' ? yearlySaving(plan) : undefined
  const isMine = plan.id === mine.plan
  // A downgrade or a cancellation that waits is taken back by choosing what is paid for.
  const isKept =
    live?.cycle === cycle && (live.paidPlan?.plan ?? (live.cancelAt === null ? null : live.plan)) === plan.id
  const isPaidFor = live?.plan === plan.id && live.cycle === cycle && live.cancelAt === null
  return (
    <li className={isMine ? 'plan plan-mine' : 'plan'} aria-labelledby={heading} aria-current={isMine || undefined}>
      <div className="section-head">
        <h3 id={heading}>{plan.name}</h3>
        {isMine && <Badge tone="good">Your plan</Badge>}
      </div>
      <p>
        <span className="price">{money(priceOf(plan, cycle), plan.currency)}</span>{' '}
        <span className="muted">{periods[cycle]}</span>
      </p>
      <p className="muted plan-extra">
        {saving && `Saves ${money(saving, plan.currency)} a year. `}
        {mine.stripe === null && plan.trialDays > 0 && `The first ${plan.trialDays} days are free.`}
      </p>
      {canBuy && !isFree(plan) && !isPaidFor && (
        <ChoosePlan
          plan={plan}
          cycle={cycle}
          stays={staysText(staysAbove(mine.grants, plans, plan.id), plans)}
          verb={isKept ? 'Keep' : live ? 'Change to' : 'Subscribe to'}
        />
      )}
      {canBuy && isFree(plan) && live && live.cancelAt === null && (
        <CancelPlan plans={plans} cycle={live.cycle ?? 'monthly'} label="Go back" />
      )}
      <PlanFactList plan={plan} />
    </li>
  )
}

function staysText(grant: Grant | undefined, plans: readonly Plan[]): string | undefined {
  if (!grant) return undefined
  const name = planName(plans, grant.plan)
  const until = grant.endsAt === null ? 'You keep it' : `You keep it until ${day(grant.endsAt)}`
  return `${name} is more than this plan. ${until}; what follows is for after it.`
}
