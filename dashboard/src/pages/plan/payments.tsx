import type { Payment, Plan } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { money } from '../../parts/format.js'
import { Pages, usePages } from '../../parts/pages.js'
import { type Column, Table } from '../../parts/table.js'
import { Day } from '../../parts/time.js'
import { methods, paymentTitles, paymentTones } from './payment-words.js'
import { planName } from './plan-facts.js'

/** What was paid, by whatever way. */
export function Payments({ plans }: { plans: readonly Plan[] }) {
  const { client } = useApp()
  const query = usePages<Payment>(client, '/billing/payments')
  return (
    <Pages query={query} empty="Nothing was paid yet.">
      {(rows) => (
        <Table caption="Payments, newest first" columns={columnsFor(plans)} rows={rows} rowKey={({ id }) => id} />
      )}
    </Pages>
  )
}

function columnsFor(plans: readonly Plan[]): readonly Column<Payment>[] {
  return [
    { head: 'When', cell: ({ paidAt }) => <Day at={paidAt} /> },
    { head: 'By', cell: ({ method }) => methods[method] },
    { head: 'Amount', align: 'end', cell: (payment) => <PaidAmount {...payment} /> },
    { head: 'Status', cell: PaidStatus },
    { head: 'For', cell: (payment) => <PaidFor payment={payment} plans={plans} /> },
  ]
}

export function PaidStatus({ status }: Pick<Payment, 'status'>) {
  return <Badge tone={paymentTones[status]}>{paymentTitles[status]}</Badge>
}

/** An amount with what came back of it. */
export function PaidAmount({ amount, refunded, currency }: Pick<Payment, 'amount' | 'refunded' | 'currency'>) {
  return (
    <span>
      {money(amount, currency)}
      {/[1-9]/.test(refunded) && <span className="muted"> ({money(refunded, currency)} came back)</span>}
    </span>
  )
}

/** The plan and the days that a payment gave. */
export function PaidFor({ payment: { plan, days, grant }, plans }: { payment: Payment; plans: readonly Plan[] }) {
  if (plan === null) return <span>–</span>
  return (
    <span>
      {planName(plans, plan)}
      {days !== null && `, ${days} days`}
      {grant?.endsAt && (
        <>
          : <Day at={grant.startsAt} /> to <Day at={grant.endsAt} />
        </>
      )}
    </span>
  )
}
