import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createAttempt } from '../../api/attempt.js'
import type { AdminUser } from '../../api/types.js'
import { useApp } from '../../app.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { TextField } from '../../parts/field.js'
import { useForm } from '../../parts/use-form.js'
import { NewPasswordField } from '../auth/new-password-field.js'
import { RoleField } from './role-field.js'

/** An account that somebody need not ask for; its address counts as confirmed. */
export function NewUser() {
  return (
    <DialogButton
      trigger={{ look: 'primary', children: 'New user' }}
      title="New user"
      description="The address counts as confirmed. They can set a password of their own by mail."
    >
      {(close) => <NewForm onClose={close} />}
    </DialogButton>
  )
}

function NewForm({ onClose }: { onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [attempt] = useState(createAttempt)
  const form = useForm(['email', 'password', 'name', 'role'], async ({ email = '', password, name = '', role }) => {
    const body = { email: email.trim(), password, ...(name.trim() && { name: name.trim() }), role }
    await attempt(body, (once) => client.post<AdminUser>('/admin/users', { body, once }))
    await queries.invalidateQueries({ queryKey: ['/admin/users'] })
    onClose()
  })
  return (
    <DialogForm form={form} action="Make the account" onClose={onClose}>
      <TextField name="email" label="Email" type="email" required error={form.errorAt.email} />
      <TextField name="name" label="Name (optional)" maxLength={100} error={form.errorAt.name} />
      <NewPasswordField error={form.errorAt.password} />
      <RoleField form={form} now="subscriber" />
    </DialogForm>
  )
}
