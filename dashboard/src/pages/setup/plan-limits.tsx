import { Link } from '@tanstack/react-router'
import type { Plan } from '../../api/types.js'
import { Fact, Facts } from '../../parts/facts.js'
import { Section } from '../../parts/page.js'
import { tradingFacts } from '../plan/plan-facts.js'

/** What the plan allows, before anybody runs into it. */
export function PlanLimits({ plan }: { plan: Plan | null }) {
  if (!plan) return null
  return (
    <Section title={`Your plan: ${plan.name}`} actions={<Link to="/billing">All plans</Link>}>
      <Facts>
        {tradingFacts(plan).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </Facts>
    </Section>
  )
}
