import type { Plan } from '../../api/types.js'
import { planFacts } from './plan-facts.js'

/** What a plan allows. */
export function PlanFactList({ plan }: { plan: Plan }) {
  return (
    <dl className="plan-facts">
      {planFacts(plan).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
