import { useQueryClient } from '@tanstack/react-query'
import type { AdminBot } from '../../api/types.js'
import { useApp } from '../../app.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { CheckField, SelectField, TextField } from '../../parts/field.js'
import { useForm } from '../../parts/use-form.js'

const modes = [
  { value: 'force', label: 'Force: kill it at once' },
  { value: 'graceful', label: 'Graceful: let it settle first' },
]

/** An operator's stop of somebody's bot, with the reason that the audit keeps. */
export function ForceStop({ bot }: { bot: AdminBot }) {
  return (
    <DialogButton
      trigger={{ look: 'danger', children: 'Stop…', 'aria-label': `Stop the bot of ${bot.email}` }}
      title="Stop this bot?"
      description={`The bot of ${bot.email}.`}
    >
      {(close) => <StopForm bot={bot} onClose={close} />}
    </DialogButton>
  )
}

function StopForm({ bot, onClose }: { bot: AdminBot; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const form = useForm(['mode', 'reason', 'hold'], async ({ mode, reason = '', hold }) => {
    const body = { mode, reason: reason.trim(), hold: hold === 'on' }
    await client.post(`/admin/bots/${bot.id}/stop`, { body, once: true })
    await queries.invalidateQueries({ queryKey: ['/admin/bots'] })
    onClose()
  })
  return (
    <DialogForm form={form} action="Stop the bot" look="danger" onClose={onClose}>
      <SelectField
        name="mode"
        label="How"
        options={modes}
        defaultValue="force"
        help="Force takes its right to trade away before anything else."
        error={form.errorAt.mode}
      />
      <TextField
        name="reason"
        label="Reason"
        required
        maxLength={500}
        help="The audit keeps it, and with a hold the subscriber reads it."
        error={form.errorAt.reason}
      />
      <CheckField
        name="hold"
        label="Hold it: the subscriber cannot start it until it is released"
        error={form.errorAt.hold}
      />
    </DialogForm>
  )
}
