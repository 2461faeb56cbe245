import { useQueryClient } from '@tanstack/react-query'
import type { AdminUser } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Confirm } from '../../parts/confirm.js'

export function DeleteUser({ user: { id, email } }: { user: AdminUser }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const remove = async () => {
    await client.delete(`/admin/users/${id}`)
    await queries.invalidateQueries({ queryKey: ['/admin/users'] })
  }
  return (
    <Confirm
      trigger={{ look: 'danger', children: 'Delete', 'aria-label': `Delete ${email}` }}
      title={`Delete ${email}?`}
      action="Delete for ever"
      onConfirm={remove}
    >
      The bot is stopped first, with proof. Then keys, set-up, trades and logs are erased. This cannot be undone.
    </Confirm>
  )
}
