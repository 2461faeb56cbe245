import { useQuery } from '@tanstack/react-query'
import { plansQuery } from '../../api/queries.js'
import type { AdminStats } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Fact, Facts } from '../../parts/facts.js'
import { number } from '../../parts/format.js'
import { Loaded } from '../../parts/loaded.js'
import { planName } from '../plan/plan-facts.js'

/** How many there are of what. Each look is a row of the audit, so they are read when the page appears. */
export function Numbers() {
  const { client } = useApp()
  const { data: plans = [] } = useQuery(plansQuery(client))
  const query = useQuery({
    queryKey: ['/admin/stats'],
    queryFn: ({ signal }) => client.get<AdminStats>('/admin/stats', { signal }),
    refetchOnWindowFocus: false,
  })
  return (
    <Loaded query={query}>
      {({ users, active, newThisWeek, usersByPlan, bots, tradesToday, ordersUnknown, crashesToday }) => (
        <Facts>
          <Fact name="Bots running">{number(bots.running, 0)}</Fact>
          <Fact name="Bots in error">{number(bots.error, 0)}</Fact>
          <Fact name="Crashes today">{number(crashesToday, 0)}</Fact>
          <Fact name="Trades today">{number(tradesToday, 0)}</Fact>
          <Fact name="Orders not answered">{number(ordersUnknown, 0)}</Fact>
          <Fact name="Users">
            {number(users, 0)} ({number(active, 0)} active)
          </Fact>
          <Fact name="New this week">{number(newThisWeek, 0)}</Fact>
          {usersByPlan.map(({ plan, users: on }) => (
            <Fact key={plan} name={`On ${planName(plans, plan)}`}>
              {number(on, 0)}
            </Fact>
          ))}
        </Facts>
      )}
    </Loaded>
  )
}
