import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AdminPayment } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Button } from '../../../parts/button.js'
import { SelectField, TextField } from '../../../parts/field.js'
import { FormErrors } from '../../../parts/form-errors.js'
import { money } from '../../../parts/format.js'
import { Modal } from '../../../parts/modal.js'
import { useForm } from '../../../parts/use-form.js'
import { paymentStatuses } from '../../plan/payment-words.js'

const statuses = Object.entries(paymentStatuses).map(([value, { title }]) => ({ value, label: title }))

/** What became of a payment afterwards: money that went back, or is fought over. */
export function ChangePayment({ payment }: { payment: AdminPayment }) {
  const [open, setOpen] = useState(false)
  const { reference, email, amount, currency } = payment
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-label={`Change the payment ${reference}`}>
        Change…
      </Button>
      <Modal
        open={open}
        onOpenChange={setOpen}
        title={`Payment ${reference}`}
        description={`${money(amount, currency)} of ${email ?? 'somebody who was erased'}.`}
      >
        <ChangeForm payment={payment} onClose={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function ChangeForm({ payment, onClose }: { payment: AdminPayment; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [status, setStatus] = useState<string>(payment.status)
  const isPartial = status === 'partially-refunded'
  const form = useForm(['status', 'refunded'], async ({ refunded = '' }) => {
    const body = isPartial ? { status, refunded: refunded.trim() } : { status }
    await client.put(`/admin/payments/${payment.id}`, { body })
    for (const path of ['/admin/payments', '/admin/users']) await queries.invalidateQueries({ queryKey: [path] })
    onClose()
  })
  return (
    <form className="stack" {...form.formProps}>
      <FormErrors form={form} />
      <SelectField
        name="status"
        label="Status"
        options={statuses}
        value={status}
        onChange={(event) => setStatus(event.target.value)}
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
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={form.busy}>
          Save
        </Button>
      </div>
    </form>
  )
}
