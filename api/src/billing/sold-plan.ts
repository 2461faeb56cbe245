import { AppError, freePlan } from '@sath/core'
import { type Db, listPlans, type PlanRow } from '@sath/db'

/** @throws AppError invalid-request when there is no such plan, or it costs nothing */
export async function soldPlan(db: Db, id: string): Promise<PlanRow> {
  const plan = (await listPlans(db)).find((each) => each.id === id)
  if (plan && plan.id !== freePlan) return plan
  throw new AppError('invalid-request', 'No such plan.', {
    errors: [{ path: 'plan', message: plan ? 'costs nothing: cancel the subscription instead' : 'no such plan' }],
  })
}
