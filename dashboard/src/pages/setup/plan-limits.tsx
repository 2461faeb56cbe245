import { Link } from '@tanstack/react-router'
import type { Plan } from '../../api/types.js'
import { Fact, Facts } from '../../parts/facts.js'
import { money } from '../../parts/format.js'
import { Section } from '../../parts/page.js'

/** What the plan allows, before anybody runs into it. */
export function PlanLimits({ plan }: { plan: Plan | null }) {
  if (!plan) return null
  const amount = (limit: string | null) => (limit === null ? 'unlimited' : money(limit, 'USD'))
  return (
    <Section title={`Your plan: ${plan.name}`} actions={<Link to="/billing">All plans</Link>}>
      <Facts>
        <Fact name="Strategies">{plan.maxStrategies ?? 'unlimited'}</Fact>
        <Fact name="Symbols">{plan.maxSymbols ?? 'unlimited'}</Fact>
        <Fact name="Trades a day">{plan.maxTradesPerDay ?? 'unlimited'}</Fact>
        <Fact name="Stake of one trade">{amount(plan.maxCapitalPerTrade)}</Fact>
        <Fact name="Capital">{amount(plan.maxCapital)}</Fact>
        <Fact name="Trading">{plan.modes.join(', ')}</Fact>
      </Facts>
    </Section>
  )
}
