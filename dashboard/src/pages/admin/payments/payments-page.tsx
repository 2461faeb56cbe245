import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { plansQuery } from '../../../api/queries.js'
import type { AdminPayment, Plan } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Badge } from '../../../parts/badge.js'
import { Button } from '../../../parts/button.js'
import { SelectField } from '../../../parts/field.js'
import { Page, Section } from '../../../parts/page.js'
import { Pages, usePages } from '../../../parts/pages.js'
import { type Column, Table } from '../../../parts/table.js'
import { Day } from '../../../parts/time.js'
import { methods, paymentStatuses } from '../../plan/payment-words.js'
import { PaidAmount, PaidFor } from '../../plan/payments.js'
import { useMayAct } from '../use-may-act.js'
import { ChangePayment } from './change-payment.js'
import { DownloadLedger } from './download-ledger.js'
import { RecordPayment } from './record-payment.js'

const methodOptions = [
  { value: '', label: 'All' },
  ...Object.entries(methods).map(([value, label]) => ({ value, label })),
]
const statusOptions = [
  { value: '', label: 'All' },
  ...Object.entries(paymentStatuses).map(([value, { title }]) => ({ value, label: title })),
]

/** The ledger of what was paid. */
export function AdminPaymentsPage() {
  const { client } = useApp()
  const mayAct = useMayAct()
  const [method, setMethod] = useState('')
  const [status, setStatus] = useState('')
  const [recording, setRecording] = useState(false)
  const { data: plans = [] } = useQuery(plansQuery(client))
  const filter = { method: method || undefined, status: status || undefined }
  const query = usePages<AdminPayment>(client, '/admin/payments', filter)
  const columns = columnsFor(plans)
  return (
    <Page
      title="Payments"
      actions={
        mayAct && (
          <Button look="primary" onClick={() => setRecording(true)}>
            Record a payment
          </Button>
        )
      }
    >
      {recording && <RecordPayment plans={plans} onClose={() => setRecording(false)} />}
      <Section title="All payments" actions={<DownloadLedger filter={filter} />}>
        <div className="picker">
          <SelectField
            name="payment-method"
            label="Method"
            options={methodOptions}
            value={method}
            onChange={(event) => setMethod(event.target.value)}
          />
          <SelectField
            name="payment-status"
            label="Status"
            options={statusOptions}
            value={status}
            onChange={(event) => setStatus(event.target.value)}
          />
        </div>
        <Pages query={query} empty="No payment found. Those by Stripe come by themselves.">
          {(rows) => (
            <Table
              caption="Payments, newest first"
              columns={mayAct ? [...columns, commands] : columns}
              rows={rows}
              rowKey={({ id }) => id}
            />
          )}
        </Pages>
      </Section>
    </Page>
  )
}

function columnsFor(plans: readonly Plan[]): readonly Column<AdminPayment>[] {
  return [
    { head: 'When', cell: ({ paidAt }) => <Day at={paidAt} /> },
    { head: 'Who', cell: ({ email }) => email ?? 'Erased' },
    { head: 'By', cell: ({ method }) => methods[method] },
    { head: 'Amount', align: 'end', cell: (payment) => <PaidAmount {...payment} /> },
    {
      head: 'Status',
      cell: ({ status }) => <Badge tone={paymentStatuses[status].tone}>{paymentStatuses[status].title}</Badge>,
    },
    { head: 'For', cell: (payment) => <PaidFor payment={payment} plans={plans} /> },
    { head: 'Reference', cell: ({ reference, proof }) => <Reference reference={reference} proof={proof} /> },
  ]
}

const commands: Column<AdminPayment> = {
  head: 'Commands',
  // What Stripe tells, only Stripe changes.
  cell: (payment) => (payment.method === 'stripe' ? '–' : <ChangePayment payment={payment} />),
}

/** The proof is what an admin wrote: a link only when it is plainly one. */
function Reference({ reference, proof }: Pick<AdminPayment, 'reference' | 'proof'>) {
  const isLink = proof !== null && /^https?:\/\/\S+$/.test(proof)
  return (
    <span>
      <code>{reference}</code>{' '}
      {isLink ? (
        <a href={proof} target="_blank" rel="noreferrer">
          Proof
        </a>
      ) : (
        proof
      )}
    </span>
  )
}
