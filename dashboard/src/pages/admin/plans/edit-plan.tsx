import { useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../../../api/problem.js'
import type { Plan } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { DialogButton } from '../../../parts/dialog-button.js'
import { DialogForm } from '../../../parts/dialog-form.js'
import { CheckField, TextField } from '../../../parts/field.js'
import { useForm } from '../../../parts/use-form.js'
import { isLimit, planEdit, planFields } from './plan-edit.js'

export function EditPlan({ plan }: { plan: Plan }) {
  return (
    <DialogButton
      wide
      trigger={{ children: 'Edit', 'aria-label': `Edit ${plan.name}` }}
      title={`Edit ${plan.name}`}
      description="A limit left empty is none. A new price is for new subscriptions, once it has been written to Stripe."
    >
      {(close) => <EditForm plan={plan} onClose={close} />}
    </DialogButton>
  )
}

const names = planFields.map(({ name }) => name)

function EditForm({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const form = useForm([...names, 'live'], async (values) => {
    const { edit, errors } = planEdit(plan, values)
    if (errors.length > 0) throw new ApiError(400, 'invalid-request', 'The plan is not complete.', errors)
    if (Object.keys(edit).length > 0) await client.put('/admin/plans', { body: { id: plan.id, ...edit } })
    for (const path of ['/admin/plans', '/billing/plans', '/billing/subscription'])
      await queries.invalidateQueries({ queryKey: [path] })
    onClose()
  })
  return (
    <DialogForm form={form} action="Save" onClose={onClose}>
      <div className="fields">
        {planFields.map((field) => {
          const { name, label, kind } = field
          const value = plan[name]
          return kind === 'flag' ? (
            <CheckField
              key={name}
              name={name}
              label={label}
              defaultChecked={value === true}
              error={form.errorAt[name]}
            />
          ) : (
            <TextField
              key={name}
              name={name}
              label={label}
              inputMode={kind === 'text' ? 'text' : kind === 'integer' || kind === 'limit' ? 'numeric' : 'decimal'}
              placeholder={isLimit(field) ? 'Unlimited' : undefined}
              defaultValue={value === null ? '' : String(value)}
              error={form.errorAt[name]}
            />
          )
        })}
        <CheckField
          name="live"
          label="Live trading"
          defaultChecked={plan.modes.includes('live')}
          error={form.errorAt.live}
        />
      </div>
    </DialogForm>
  )
}
