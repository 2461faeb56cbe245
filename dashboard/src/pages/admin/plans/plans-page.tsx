import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Plan, Whole } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Button } from '../../../parts/button.js'
import { money } from '../../../parts/format.js'
import { Loaded } from '../../../parts/loaded.js'
import { Page } from '../../../parts/page.js'
import { planFacts } from '../../plan/plan-facts.js'
import { useMayAct } from '../use-may-act.js'
import { EditPlan } from './edit-plan.js'

/** What each plan costs and allows. */
export function AdminPlansPage() {
  const { client } = useApp()
  const mayAct = useMayAct()
  const [editing, setEditing] = useState<string>()
  const plans = useQuery({
    queryKey: ['/admin/plans'],
    queryFn: async ({ signal }) => (await client.get<Whole<Plan>>('/admin/plans', { signal })).items,
  })
  return (
    <Page title="Plans">
      <p className="muted">A change reaches everybody who has the plan at once, running bots as well.</p>
      <Loaded query={plans}>
        {(all) => (
          <ul className="plans">
            {all.map((plan) => (
              <li key={plan.id} className="plan card">
                <div className="section-head">
                  <h2>{plan.name}</h2>
                  {mayAct && (
                    <Button onClick={() => setEditing(plan.id)} aria-label={`Edit ${plan.name}`}>
                      Edit
                    </Button>
                  )}
                </div>
                <p>
                  {money(plan.priceMonth, plan.currency)} a month, {money(plan.priceYear, plan.currency)} a year
                </p>
                <p className="muted">
                  {plan.trialDays === 0 ? 'No free days' : `${plan.trialDays} free days at first`}
                </p>
                <dl className="plan-facts">
                  {planFacts(plan).map(([name, value]) => (
                    <div key={name}>
                      <dt>{name}</dt>
                      <dd>{value}</dd>
                    </div>
                  ))}
                </dl>
                {editing === plan.id && <EditPlan plan={plan} onClose={() => setEditing(undefined)} />}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  )
}
