import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { plansQuery } from '../../../api/queries.js'
import type { AdminPayment, PaymentMethod, PaymentStatus, Plan } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Page, Section } from '../../../parts/page.js'
import { Pages, usePages } from '../../../parts/pages.js'
import { all, optionsOf, PickField } from '../../../parts/pick-field.js'
import { type Column, Table } from '../../../parts/table.js'
import { Day } from '../../../parts/time.js'
import { TimeField } from '../../../parts/time-field.js'
import { methods, paymentTitles } from '../../plan/payment-words.js'
import { PaidAmount, PaidFor, PaidStatus } from '../../plan/payments.js'
import { useMayAct } from '../use-may-act.js'
import { ChangePayment } from './change-payment.js'
import { DownloadLedger } from './download-ledger.js'
import { RecordPayment } from './record-payment.js'

/** The ledger of what was paid. */
export function AdminPaymentsPage() {
  const { client } = useApp()
  const mayAct = useMayAct()
  const [method, setMethod] = useState<PaymentMethod | ''>('')
  const [status, setStatus] = useState<PaymentStatus | ''>('')
  const [from, setFrom] = useState<string>()
  const [to, setTo] = useState<string>()
  const { data: plans = [] } = useQuery(plansQuery(client))
  const filter = { method: method || undefined, status: status || undefined, from, to }
  const query = usePages<AdminPayment>(client, '/admin/payments', filter)
  const columns = columnsFor(plans)
  return (
    <Page title="Payments" actions={mayAct && <RecordPayment plans={plans} />}>
      <Section title="All payments" actions={<DownloadLedger filter={filter} />}>
        <div className="picker">
          <PickField
            name="payment-method"
            label="Method"
            options={[all, ...optionsOf(methods)]}
            value={method}
            onPick={setMethod}
          />
          <PickField
            name="payment-status"
            label="Status"
            options={[all, ...optionsOf(paymentTitles)]}
            value={status}
            onPick={setStatus}
          />
          <TimeField name="payment-from" label="From" at={from} onChange={setFrom} />
          <TimeField name="payment-to" label="To" at={to} onChange={setTo} />
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
    { head: 'Status', cell: PaidStatus },
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
