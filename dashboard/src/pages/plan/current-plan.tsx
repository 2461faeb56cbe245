import type { Grant, Plan, Subscription } from '../../api/types.js'
import { Button } from '../../parts/button.js'
import { Fact, Facts } from '../../parts/facts.js'
import { money } from '../../parts/format.js'
import { ErrorNotice } from '../../parts/notice.js'
import { Section } from '../../parts/page.js'
import { type Column, Table } from '../../parts/table.js'
import { Time, useNow } from '../../parts/time.js'
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
      <Facts>
        <Fact name="Comes from">{sources[source]}</Fact>
        {until === null ? (
          source !== 'default' && !live && <Fact name="Until">Without end</Fact>
        ) : (
          <Fact name="Until">
            <Time at={until} />
          </Fact>
        )}
        {live && live.amount !== null && live.currency !== null && live.cycle !== null && (
          <Fact name="Costs">
            {money(live.amount, live.currency)} {periods[live.cycle]}
          </Fact>
        )}
        {live && live.cancelAt === null && live.periodEnd !== null && (
          <Fact name="Next payment">
            <Time at={live.periodEnd} />
          </Fact>
        )}
      </Facts>
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

function grantColumns(plans: readonly Plan[]): readonly Column<Grant>[] {
  return [
    { head: 'Plan', cell: ({ plan }) => planName(plans, plan) },
    { head: 'By', cell: ({ source }) => sources[source] },
    { head: 'From', cell: ({ startsAt }) => <Time at={startsAt} /> },
    { head: 'Until', cell: ({ endsAt }) => (endsAt === null ? 'Without end' : <Time at={endsAt} />) },
  ]
}
