import { useQueryClient } from '@tanstack/react-query'
import type { AdminBot } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Confirm } from '../../parts/confirm.js'

export function ReleaseHold({ bot }: { bot: AdminBot }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const who = bot.email
  const release = async () => {
    await client.post(`/admin/bots/${bot.id}/release`, { body: {}, once: true })
    await queries.invalidateQueries({ queryKey: ['/admin/bots'] })
  }
  return (
    <Confirm
      trigger={{ children: 'Release', 'aria-label': `Release the bot of ${who}` }}
      title="Release this bot?"
      action="Release"
      look="primary"
      onConfirm={release}
    >
      {who} can start it again. It does not start by itself.
    </Confirm>
  )
}
