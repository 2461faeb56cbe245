import type { Plan } from '../../api/types.js'
import { SelectField, TextField } from '../../parts/field.js'
import type { Form } from '../../parts/use-form.js'
import { isFree } from '../plan/plan-facts.js'

/** Which plan somebody gets, and for how long. */
export function PlanDaysFields({ form, plans }: { form: Form; plans: readonly Plan[] }) {
  return (
    <>
      <SoldPlanField form={form} plans={plans} />
      <TextField name="days" label="Days" inputMode="numeric" required defaultValue="30" error={form.errorAt.days} />
    </>
  )
}

/** A plan that costs something. */
export function SoldPlanField({ form, plans }: { form: Form; plans: readonly Plan[] }) {
  const options = plans.filter((plan) => !isFree(plan)).map(({ id, name }) => ({ value: id, label: name }))
  return <SelectField name="plan" label="Plan" options={options} error={form.errorAt.plan} />
}
