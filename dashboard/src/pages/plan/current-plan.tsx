import type { Grant, Plan, PlanSource, StripeSubscription, Subscription } from '../../api/types.js'
import { Button } from '../../parts/button.js'
import { Fact, Facts } from '../../parts/facts.js'
import { money } from '../../parts/format.js'
import { ErrorNotice } from '../../parts/notice.js'
import { Section } from '../../parts/page.js'
import { type Column, Table } from '../../parts/table.js'
import { Day, useNow } from '../../parts/time.js'
import { CancelPlan } from './cancel-plan.js'
import { NewsNotice } from './news-notice.js'
import { periods, planName } from './plan-facts.js'
import { isGoingOn, planNews, sources } from './plan-news.js'
import { usePortal } from './use-billing.js'

/** The plan in force, why the user has it and until when, and what can be done about it. */
export function CurrentPlan({ mine, plans }: { mine: Subscription; plans: readonly Plan[] }) {
  const now = useNow(60_000)
  const portal = usePortal()
  const { plan, source, until, grants, stripe } = mine
  const live = stripe && isGoingOn(stripe) ? stripe : undefined
  return (
    <Section
      title={`Your plan: ${planName(plans, plan)}`}
      actions={
        <>
          {stripe && (
            <Button busy={portal.isPending} onClick={() => portal.mutate()}>
              Cards and receipts
            </Button>
          )}
          {live && live.cancelAt === null && <CancelPlan plans={plans} cycle={live.cycle ?? 'monthly'} />}
        </>
      }
    >
      <ErrorNotice error={portal.error} />
      {planNews(mine, plans, now).map((news) => (
        <NewsNotice key={news.title} news={news} invoiceUrl={live?.invoiceUrl ?? null} portal={portal} />
      ))}
      {source === 'default' && !live ? (
        <p className="muted">It is free for everybody.</p>
      ) : (
        <Terms source={source} until={until} live={live} />
      )}
      {grants.length > 1 && (
        <Table
          caption="What gives you a plan, the first to begin first"
          columns={grantColumns(plans)}
          rows={grants}
          rowKey={({ source, startsAt, plan }) => `${source} ${plan} ${startsAt}`}
        />
      )}
    </Section>
  )
}

interface TermsProps {
  readonly source: PlanSource
  readonly until: string | null
  readonly live: StripeSubscription | undefined
}

/** Why, how long and for how much. */
function Terms({ source, until, live }: TermsProps) {
  const { amount = null, currency = null, cycle = null, cancelAt = null, periodEnd = null, paidPlan } = live ?? {}
  // Of the next invoice, which is one of another plan where a change waits.
  const price = amount !== null && currency !== null && cycle !== null && { amount: money(amount, currency), cycle }
  return (
    <Facts>
      <Fact name="Comes from">{sources[source]}</Fact>
      {(until !== null || !live) && <Fact name="Until">{until === null ? 'Without end' : <Day at={until} />}</Fact>}
      {price && !paidPlan && (
        <Fact name="Costs">
          {price.amount} {periods[price.cycle]}
        </Fact>
      )}
      {cancelAt === null && periodEnd !== null && (
        <Fact name="Next payment">
          {price && paidPlan && `${price.amount}, `}
          <Day at={periodEnd} />
        </Fact>
      )}
    </Facts>
  )
}

function grantColumns(plans: readonly Plan[]): readonly Column<Grant>[] {
  return [
    { head: 'Plan', cell: ({ plan }) => planName(plans, plan) },
    { head: 'By', cell: ({ source }) => sources[source] },
    { head: 'From', cell: ({ startsAt }) => <Day at={startsAt} /> },
    { head: 'Until', cell: ({ endsAt }) => (endsAt === null ? 'Without end' : <Day at={endsAt} />) },
  ]
}
