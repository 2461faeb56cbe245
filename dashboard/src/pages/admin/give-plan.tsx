import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { plansQuery } from '../../api/queries.js'
import type { AdminUser } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { SelectField, TextField } from '../../parts/field.js'
import { FormErrors } from '../../parts/form-errors.js'
import { Loaded } from '../../parts/loaded.js'
import { Modal } from '../../parts/modal.js'
import { useForm } from '../../parts/use-form.js'

/** A plan that the operator gives. It takes the place of what the operator gave before; what was bought stays beside it. */
export function GivePlan({ user }: { user: AdminUser }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-label={`Give ${user.email} a plan`}>
        Plan…
      </Button>
      <Modal
        open={open}
        onOpenChange={setOpen}
        title="Give a plan"
        description={`To ${user.email}, instead of what the operator gave before. What was bought stays beside it.`}
      >
        <GiveForm user={user} onClose={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function GiveForm({ user, onClose }: { user: AdminUser; onClose: () => void }) {
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
        <form className="stack" {...form.formProps}>
          <FormErrors form={form} />
          <div className="fields">
            <SelectField
              name="plan"
              label="Plan"
              options={all.map(({ id, name }) => ({ value: id, label: name }))}
              defaultValue={user.plan}
              error={form.errorAt.plan}
            />
            <TextField
              name="planDays"
              label="Days (optional)"
              inputMode="numeric"
              help="Empty: without end."
              error={form.errorAt.planDays}
            />
          </div>
          <div className="dialog-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" busy={form.busy}>
              Give it
            </Button>
          </div>
        </form>
      )}
    </Loaded>
  )
}
