import { useState } from 'react'
import type { BillingCycle, Plan, Subscription } from '../../api/types.js'
import { Section } from '../../parts/page.js'
import { optionsOf } from '../../parts/pick-field.js'
import { PlanCard } from './plan-card.js'
import { cycleTitles } from './plan-facts.js'
import { isGoingOn } from './plan-news.js'

interface PriceTableProps {
  readonly mine: Subscription
  readonly plans: readonly Plan[]
  readonly canBuy: boolean
}

/** Every plan, side by side, with what it costs and allows. */
export function PriceTable({ mine, plans, canBuy }: PriceTableProps) {
  const live = mine.stripe && isGoingOn(mine.stripe) ? mine.stripe : null
  const [cycle, setCycle] = useState<BillingCycle>(live?.cycle ?? 'monthly')
  return (
    <Section title="Plans">
      <fieldset className="choices">
        <legend>Pay</legend>
        {optionsOf(cycleTitles).map(({ value, label }) => (
          <label key={value} className="choice">
            <input type="radio" name="cycle" value={value} checked={cycle === value} onChange={() => setCycle(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      <ul className="plans">
        {plans.map((plan) => (
          <PlanCard key={plan.id} plan={plan} plans={plans} cycle={cycle} mine={mine} live={live} canBuy={canBuy} />
        ))}
      </ul>
    </Section>
  )
}
