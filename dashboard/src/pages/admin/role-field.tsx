import type { User } from '../../api/types.js'
import { useUser } from '../../app.js'
import { SelectField } from '../../parts/field.js'
import { words } from '../../parts/format.js'
import type { Form } from '../../parts/use-form.js'

type Role = User['role']

const roles: readonly Role[] = ['subscriber', 'support', 'admin', 'superadmin']
/** Roles that an admin may give; a superadmin gives any. */
const adminGives: readonly Role[] = ['subscriber', 'support']

/** A role that the reader may give, beside the one that there is `now`. */
export function RoleField({ form, now }: { form: Form; now: Role }) {
  const isSuper = useUser()?.role === 'superadmin'
  const options = roles.filter((role) => isSuper || role === now || adminGives.includes(role))
  return (
    <SelectField
      name="role"
      label="Role"
      options={options.map((role) => ({ value: role, label: words(role) }))}
      defaultValue={now}
      help="Support looks at users and renews plans; admins change everything here."
      error={form.errorAt.role}
    />
  )
}
