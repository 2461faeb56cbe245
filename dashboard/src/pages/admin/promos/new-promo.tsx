import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createAttempt } from '../../../api/attempt.js'
import type { Plan, PromoCode } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Button } from '../../../parts/button.js'
import { SelectField, TextField } from '../../../parts/field.js'
import { FormErrors } from '../../../parts/form-errors.js'
import { Modal } from '../../../parts/modal.js'
import { Notice } from '../../../parts/notice.js'
import { TimeField } from '../../../parts/time-field.js'
import { useForm } from '../../../parts/use-form.js'
import { isFree } from '../../plan/plan-facts.js'
import { promoTypes } from './promo-words.js'

const types = Object.entries(promoTypes).map(([value, label]) => ({ value, label }))
const fields = ['code', 'type', 'plan', 'days', 'maxUses', 'expiresAt', 'note']

export function NewPromo({ plans, onClose }: { plans: readonly Plan[]; onClose: () => void }) {
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
  const paid = plans.filter((plan) => !isFree(plan)).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Modal
      wide
      open
      onOpenChange={(open) => !open && onClose()}
      title="New promo code"
      description="Whoever redeems it has the plan for its days."
    >
      {made ? (
        <div className="stack">
          <Notice tone="good" title="The code is ready.">
            <code>{made}</code>
          </Notice>
          <div className="dialog-actions">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <form className="stack" autoComplete="off" {...form.formProps}>
          <FormErrors form={form} />
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
            <SelectField name="plan" label="Plan" options={paid} error={form.errorAt.plan} />
            <TextField
              name="days"
              label="Days"
              inputMode="numeric"
              required
              defaultValue="30"
              error={form.errorAt.days}
            />
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
          <div className="dialog-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" busy={form.busy}>
              Make the code
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
