import { useQuery, useQueryClient } from '@tanstack/react-query'
import { plansQuery } from '../../api/queries.js'
import type { AdminUser } from '../../api/types.js'
import { useApp } from '../../app.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { SelectField, TextField } from '../../parts/field.js'
import { Loaded } from '../../parts/loaded.js'
import { useForm } from '../../parts/use-form.js'

interface GivePlanProps {
  readonly user: AdminUser
  /** Support gives more days of the plan there is, and no other one. */
  readonly renewsOnly: boolean
}

/** A plan that the operator gives. It takes the place of what the operator gave before; what was bought stays beside it. */
export function GivePlan({ user, renewsOnly }: GivePlanProps) {
  return (
    <DialogButton
      trigger={
        renewsOnly
          ? { children: 'Renew…', 'aria-label': `Renew the plan of ${user.email}` }
          : { children: 'Plan…', 'aria-label': `Give ${user.email} a plan` }
      }
      title={renewsOnly ? 'Renew the plan' : 'Give a plan'}
      description={`To ${user.email}, instead of what the operator gave before. What was bought stays beside it.`}
    >
      {(close) => <GiveForm user={user} renewsOnly={renewsOnly} onClose={close} />}
    </DialogButton>
  )
}

function GiveForm({ user, renewsOnly, onClose }: GivePlanProps & { onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const plans = useQuery(plansQuery(client))
  const form = useForm(['plan', 'planDays'], async ({ plan, planDays = '' }) => {
    const body = { plan, ...(planDays.trim() && { planDays: Number(planDays) }) }
    await client.put(`/admin/users/${user.id}`, { body })
    await queries.invalidateQueries({ queryKey: ['/admin/users'] })
    onClose()
  })
  return (
    <Loaded query={plans}>
      {(all) => (
        <DialogForm form={form} action="Give it" onClose={onClose}>
          <div className="fields">
            <SelectField
              name="plan"
              label="Plan"
              options={all
                .filter(({ id }) => !renewsOnly || id === user.plan)
                .map(({ id, name }) => ({ value: id, label: name }))}
              defaultValue={user.plan}
              error={form.errorAt.plan}
            />
            <TextField
              name="planDays"
              label={renewsOnly ? 'Days' : 'Days (optional)'}
              inputMode="numeric"
              required={renewsOnly}
              help={renewsOnly ? 'From now on.' : 'From now on; empty: without end.'}
              error={form.errorAt.planDays}
            />
          </div>
        </DialogForm>
      )}
    </Loaded>
  )
}
