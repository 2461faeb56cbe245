import type { BillingCycle, PlanPreview } from '../../api/types.js'
import { Fact, Facts } from '../../parts/facts.js'
import { dateTime, money } from '../../parts/format.js'
import { periods } from './plan-facts.js'

type Cost = PlanPreview['money']

/** What a change costs, now and later. */
export function MoneyFacts({ cost, cycle }: { cost: Cost; cycle: BillingCycle }) {
  const { takesEffect, at, dueNow, recurring, currency, trialDays } = cost
  const isCredit = dueNow.startsWith('-')
  return (
    <>
      <Facts>
        <Fact name={isCredit ? 'Credit for coming invoices' : 'To pay now'}>
          {money(dueNow.replace(/^-/, ''), currency)}
        </Fact>
        <Fact name="From then on">
          {money(recurring, currency)} {periods[cycle]}
        </Fact>
        <Fact name="Begins">{beginning(takesEffect, at)}</Fact>
      </Facts>
      {takesEffect === 'now' && (
        <p className="muted">What is left of the plan you have paid for is set off against the new one.</p>
      )}
      {trialDays > 0 && (
        <p className="muted">The first {trialDays} days are free. Cancel before they end and nothing is charged.</p>
      )}
    </>
  )
}

function beginning(takesEffect: Cost['takesEffect'], at: string | null): string {
  if (takesEffect === 'now') return 'At once'
  if (takesEffect === 'checkout') return 'As soon as it is paid'
  if (takesEffect === 'none') return 'You have it already'
  return at === null ? 'At the end of the period' : dateTime(at)
}
