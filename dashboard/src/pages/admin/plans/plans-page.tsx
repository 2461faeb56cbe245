import { useQuery } from '@tanstack/react-query'
import type { Plan, Whole } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { money } from '../../../parts/format.js'
import { Loaded } from '../../../parts/loaded.js'
import { Page } from '../../../parts/page.js'
import { PlanFactList } from '../../plan/plan-fact-list.js'
import { useMayAct } from '../use-may-act.js'
import { EditPlan } from './edit-plan.js'

/** What each plan costs and allows. */
export function AdminPlansPage() {
  const { client } = useApp()
  const mayAct = useMayAct()
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
                  {mayAct && <EditPlan plan={plan} />}
                </div>
                <p>
                  {money(plan.priceMonth, plan.currency)} a month, {money(plan.priceYear, plan.currency)} a year
                </p>
                <p className="muted">
                  {plan.trialDays === 0 ? 'No free days' : `${plan.trialDays} free days at first`}
                </p>
                <PlanFactList plan={plan} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  )
}
