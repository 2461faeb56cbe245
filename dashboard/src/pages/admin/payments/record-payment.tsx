import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createAttempt } from '../../../api/attempt.js'
import type { AdminPayment, Plan } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Button } from '../../../parts/button.js'
import { SelectField, TextField } from '../../../parts/field.js'
import { FormErrors } from '../../../parts/form-errors.js'
import { Modal } from '../../../parts/modal.js'
import { TimeField } from '../../../parts/time-field.js'
import { useForm } from '../../../parts/use-form.js'
import { methods } from '../../plan/payment-words.js'
import { isFree } from '../../plan/plan-facts.js'
import { findUser } from './find-user.js'

const manual = Object.entries(methods)
  .filter(([value]) => value !== 'stripe')
  .map(([value, label]) => ({ value, label }))
const fields = ['email', 'method', 'amount', 'currency', 'reference', 'proof', 'plan', 'days', 'paidAt']

/** What an admin has seen paid, and the days of a plan that it gives. */
export function RecordPayment({ plans, onClose }: { plans: readonly Plan[]; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [attempt] = useState(createAttempt)
  const [paidAt, setPaidAt] = useState<string>()
  const form = useForm(fields, async ({ email = '', amount = '', currency = '', days, proof = '', ...rest }) => {
    const { id: userId } = await findUser(client, email.trim())
    const body = {
      userId,
      method: rest.method,
      amount: amount.trim(),
      currency: currency.trim().toUpperCase(),
      reference: (rest.reference ?? '').trim(),
      ...(proof.trim() && { proof: proof.trim() }),
      plan: rest.plan,
      days: Number(days),
      ...(paidAt && { paidAt }),
    }
    await attempt(body, (once) => client.post<AdminPayment>('/admin/payments', { body, once }))
    for (const path of ['/admin/payments', '/admin/users']) await queries.invalidateQueries({ queryKey: [path] })
    onClose()
  })
  const paid = plans.filter((plan) => !isFree(plan)).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Modal
      wide
      open
      onOpenChange={(open) => !open && onClose()}
      title="Record a payment"
      description="Money that came by another way than Stripe. The same method and reference again is the same payment."
    >
      <form className="stack" autoComplete="off" {...form.formProps}>
        <FormErrors form={form} />
        <TextField name="email" label="Email of the user" type="email" required error={form.errorAt.email} />
        <div className="fields">
          <SelectField name="method" label="Method" options={manual} error={form.errorAt.method} />
          <TextField
            name="amount"
            label="Amount"
            inputMode="decimal"
            required
            placeholder="29.00"
            error={form.errorAt.amount}
          />
          <TextField
            name="currency"
            label="Currency"
            required
            minLength={3}
            maxLength={3}
            defaultValue="USD"
            help="Three letters. A coin: what it was worth."
            error={form.errorAt.currency}
          />
          <TimeField
            name="paidAt"
            label="Paid on (optional)"
            help="Empty: now."
            at={paidAt}
            onChange={setPaidAt}
            error={form.errorAt.paidAt}
          />
        </div>
        <TextField
          name="reference"
          label="Reference"
          required
          maxLength={200}
          help="Number of the transfer, the receipt or the transaction."
          error={form.errorAt.reference}
        />
        <TextField
          name="proof"
          label="Proof (optional)"
          maxLength={2000}
          help="A note, or the address of what shows it."
          error={form.errorAt.proof}
        />
        <div className="fields">
          <SelectField name="plan" label="Plan" options={paid} error={form.errorAt.plan} />
          <TextField
            name="days"
            label="Days"
            inputMode="numeric"
            required
            defaultValue="30"
            error={form.errorAt.days}
          />
        </div>
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={form.busy}>
            Record it
          </Button>
        </div>
      </form>
    </Modal>
  )
}
