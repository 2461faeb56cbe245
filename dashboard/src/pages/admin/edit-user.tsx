import { useQueryClient } from '@tanstack/react-query'
import type { AdminUser } from '../../api/types.js'
import { useApp } from '../../app.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { CheckField } from '../../parts/field.js'
import { useForm } from '../../parts/use-form.js'
import { RoleField } from './role-field.js'

/** What somebody may do here, and whether they may sign in at all. */
export function EditUser({ user }: { user: AdminUser }) {
  return (
    <DialogButton
      trigger={{ children: 'Edit…', 'aria-label': `Edit ${user.email}` }}
      title="Edit a user"
      description={user.email}
    >
      {(close) => <EditForm user={user} onClose={close} />}
    </DialogButton>
  )
}

function EditForm({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const form = useForm(['role', 'isActive'], async ({ role, isActive }) => {
    const active = isActive === 'on'
    const body = { ...(role !== user.role && { role }), ...(active !== user.isActive && { isActive: active }) }
    if (Object.keys(body).length > 0) await client.put(`/admin/users/${user.id}`, { body })
    await queries.invalidateQueries({ queryKey: ['/admin/users'] })
    onClose()
  })
  return (
    <DialogForm form={form} action="Save" onClose={onClose}>
      <RoleField form={form} now={user.role} />
      <CheckField
        name="isActive"
        label="Active: may sign in and run a bot"
        defaultChecked={user.isActive}
        error={form.errorAt.isActive}
      />
    </DialogForm>
  )
}
