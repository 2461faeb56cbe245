import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createAttempt } from '../../../api/attempt.js'
import type { AdminPayment, Plan } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { DialogButton } from '../../../parts/dialog-button.js'
import { DialogForm } from '../../../parts/dialog-form.js'
import { SelectField, TextField } from '../../../parts/field.js'
import { optionsOf } from '../../../parts/pick-field.js'
import { TimeField } from '../../../parts/time-field.js'
import { useForm } from '../../../parts/use-form.js'
import { methods } from '../../plan/payment-words.js'
import { PlanDaysFields } from '../plan-days-fields.js'
import { findUser } from './find-user.js'

const manual = optionsOf(methods).filter(({ value }) => value !== 'stripe')
const fields = ['email', 'method', 'amount', 'currency', 'reference', 'proof', 'plan', 'days', 'paidAt']

/** What an admin has seen paid, and the days of a plan that it gives. */
export function RecordPayment({ plans }: { plans: readonly Plan[] }) {
  return (
    <DialogButton
      wide
      trigger={{ look: 'primary', children: 'Record a payment' }}
      title="Record a payment"
      description="Money that came by another way than Stripe. The same method and reference again is the same payment."
    >
      {(close) => <RecordForm plans={plans} onClose={close} />}
    </DialogButton>
  )
}

function RecordForm({ plans, onClose }: { plans: readonly Plan[]; onClose: () => void }) {
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
  return (
    <DialogForm form={form} action="Record it" onClose={onClose}>
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
        <PlanDaysFields form={form} plans={plans} />
      </div>
    </DialogForm>
  )
}
