import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createAttempt } from '../../../api/attempt.js'
import type { Plan, PromoCode } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { DialogButton } from '../../../parts/dialog-button.js'
import { DialogForm } from '../../../parts/dialog-form.js'
import { DialogResult } from '../../../parts/dialog-result.js'
import { SelectField, TextField } from '../../../parts/field.js'
import { optionsOf } from '../../../parts/pick-field.js'
import { TimeField } from '../../../parts/time-field.js'
import { useForm } from '../../../parts/use-form.js'
import { PlanDaysFields } from '../plan-days-fields.js'
import { promoTypes } from './promo-words.js'

const types = optionsOf(promoTypes)
const fields = ['code', 'type', 'plan', 'days', 'maxUses', 'expiresAt', 'note']

export function NewPromo({ plans }: { plans: readonly Plan[] }) {
  return (
    <DialogButton
      wide
      trigger={{ look: 'primary', children: 'New code' }}
      title="New promo code"
      description="Whoever redeems it has the plan for its days."
    >
      {(close) => <PromoForm plans={plans} onClose={close} />}
    </DialogButton>
  )
}

function PromoForm({ plans, onClose }: { plans: readonly Plan[]; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [attempt] = useState(createAttempt)
  const [expiresAt, setExpiresAt] = useState<string>()
  const [made, setMade] = useState<string>()
  const form = useForm(fields, async ({ code = '', type, plan, days, maxUses, note = '' }) => {
    const body = {
      ...(code.trim() && { code: code.trim() }),
      type,
      plan,
      days: Number(days),
      maxUses: Number(maxUses),
      expiresAt: expiresAt ?? null,
      note: note.trim() || null,
    }
    const promo = await attempt(body, (once) => client.post<PromoCode>('/admin/promo-codes', { body, once }))
    await queries.invalidateQueries({ queryKey: ['/admin/promo-codes'] })
    setMade(promo.code)
  })
  if (made) return <DialogResult title="The code is ready." text={<code>{made}</code>} onClose={onClose} />
  return (
    <DialogForm form={form} action="Make the code" onClose={onClose}>
      <TextField
        name="code"
        label="Code (optional)"
        maxLength={40}
        spellCheck={false}
        help="3 to 40 letters, digits and hyphens. Empty: Sath makes up one that nobody guesses."
        error={form.errorAt.code}
      />
      <div className="fields">
        <SelectField name="type" label="Type" options={types} error={form.errorAt.type} />
        <PlanDaysFields form={form} plans={plans} />
        <TextField
          name="maxUses"
          label="Uses at most"
          inputMode="numeric"
          required
          defaultValue="1"
          help="Once for each user."
          error={form.errorAt.maxUses}
        />
      </div>
      <TimeField
        name="expiresAt"
        label="Expires (optional)"
        help="Until then it can be redeemed; its days run on."
        at={expiresAt}
        onChange={setExpiresAt}
        error={form.errorAt.expiresAt}
      />
      <TextField name="note" label="Note (optional)" maxLength={500} error={form.errorAt.note} />
    </DialogForm>
  )
}
