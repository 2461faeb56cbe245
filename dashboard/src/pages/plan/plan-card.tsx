import { useId } from 'react'
import type { BillingCycle, Plan, StripeSubscription } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { money } from '../../parts/format.js'
import { CancelPlan } from './cancel-plan.js'
import { ChoosePlan } from './choose-plan.js'
import { isFree, periods, planFacts, priceOf, yearlySaving } from './plan-facts.js'

interface PlanCardProps {
  readonly plan: Plan
  readonly plans: readonly Plan[]
  readonly cycle: BillingCycle
  /** The plan the user has now, wherever from. */
  readonly inForce: string
  /** The subscription that goes on, if there is one. */
  readonly live: StripeSubscription | null
  readonly canBuy: boolean
}

export function PlanCard({ plan, plans, cycle, inForce, live, canBuy }: PlanCardProps) {
  const heading = useId()
  const saving = cycle === 'yearly' ? yearlySaving(plan) : undefined
  const isMine = plan.id === inForce
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
        {plan.trialDays > 0 && `The first ${plan.trialDays} days are free.`}
      </p>
      {canBuy && !isFree(plan) && !isPaidFor && <ChoosePlan plan={plan} cycle={cycle} isChange={live !== null} />}
      {canBuy && isFree(plan) && live && live.cancelAt === null && (
        <CancelPlan plans={plans} cycle={live.cycle ?? 'monthly'} label={`Go back to ${plan.name}`} />
      )}
      <dl className="plan-facts">
        {planFacts(plan).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  )
}
