import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AdminPayment } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { DialogButton } from '../../../parts/dialog-button.js'
import { DialogForm } from '../../../parts/dialog-form.js'
import { TextField } from '../../../parts/field.js'
import { money } from '../../../parts/format.js'
import { optionsOf, PickField } from '../../../parts/pick-field.js'
import { useForm } from '../../../parts/use-form.js'
import { paymentTitles } from '../../plan/payment-words.js'

/** What became of a payment afterwards: money that went back, or is fought over. */
export function ChangePayment({ payment }: { payment: AdminPayment }) {
  const { reference, email, amount, currency } = payment
  return (
    <DialogButton
      trigger={{ children: 'Change…', 'aria-label': `Change the payment ${reference}` }}
      title={`Payment ${reference}`}
      description={`${money(amount, currency)} of ${email ?? 'somebody who was erased'}.`}
    >
      {(close) => <ChangeForm payment={payment} onClose={close} />}
    </DialogButton>
  )
}

function ChangeForm({ payment, onClose }: { payment: AdminPayment; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [status, setStatus] = useState(payment.status)
  const isPartial = status === 'partially-refunded'
  const form = useForm(['status', 'refunded'], async ({ refunded = '' }) => {
    const body = isPartial ? { status, refunded: refunded.trim() } : { status }
    await client.put(`/admin/payments/${payment.id}`, { body })
    for (const path of ['/admin/payments', '/admin/users']) await queries.invalidateQueries({ queryKey: [path] })
    onClose()
  })
  return (
    <DialogForm form={form} action="Save" onClose={onClose}>
      <PickField
        name="status"
        label="Status"
        options={optionsOf(paymentTitles)}
        value={status}
        onPick={setStatus}
        help="A full refund and a dispute take back the days still to come; paid again gives them back."
        error={form.errorAt.status}
      />
      {isPartial && (
        <TextField
          name="refunded"
          label={`Came back in all, ${payment.currency}`}
          inputMode="decimal"
          required
          error={form.errorAt.refunded}
        />
      )}
    </DialogForm>
  )
}
