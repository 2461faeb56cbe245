import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AdminBot } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { CheckField, SelectField, TextField } from '../../parts/field.js'
import { Modal } from '../../parts/modal.js'
import { ErrorNotice } from '../../parts/notice.js'
import { useForm } from '../../parts/use-form.js'

const modes = [
  { value: 'force', label: 'Force: kill it at once' },
  { value: 'graceful', label: 'Graceful: let it settle first' },
]

/** An operator's stop of somebody's bot, with the reason that the audit keeps. */
export function ForceStop({ bot }: { bot: AdminBot }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const form = useForm(['mode', 'reason', 'hold'], async ({ mode, reason = '', hold }) => {
    const body = { mode, reason: reason.trim(), hold: hold === 'on' }
    await client.post(`/admin/bots/${bot.id}/stop`, { body, once: true })
    await queries.invalidateQueries({ queryKey: ['/admin/bots'] })
    setOpen(false)
  })
  const who = bot.email ?? bot.id
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)} aria-label={`Stop the bot of ${who}`}>
        Stop…
      </Button>
      <Modal open={open} onOpenChange={setOpen} title="Stop this bot?" description={`The bot of ${who}.`}>
        <form className="stack" {...form.formProps}>
          <ErrorNotice error={form.error} />
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
            help="The audit keeps it."
            error={form.errorAt.reason}
          />
          <CheckField
            name="hold"
            label="Hold it: the subscriber cannot start it until it is released"
            error={form.errorAt.hold}
          />
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button look="danger" type="submit" busy={form.busy}>
              Stop the bot
            </Button>
          </div>
        </form>
      </Modal>
    </>
  )
}
