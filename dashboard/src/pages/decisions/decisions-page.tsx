import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Decision } from '../../api/types.js'
import { useApp } from '../../app.js'
import { useThrottled } from '../../live/use-throttled.js'
import { useTopic } from '../../live/use-topic.js'
import { Page, Section } from '../../parts/page.js'
import { Pages, usePages } from '../../parts/pages.js'
import { Table } from '../../parts/table.js'
import { type Filter, HistoryFilter } from '../history/history-filter.js'
import { useStrategyNames } from '../history/use-strategy-names.js'
import { decisionColumns } from './decision-columns.js'

const route = getRouteApi('/signed-in/decisions')

/** Why it traded, and why it did not. */
export function DecisionsPage() {
  const { client } = useApp()
  const queries = useQueryClient()
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const names = useStrategyNames()
  // Candles without a signal are told by nobody, so it also looks by itself; not behind the back of who has read far.
  const query = usePages<Decision>(client, '/decisions', { ...filter }, ({ length }) => length <= 50 && 10_000)
  const lookAgain = useThrottled(() => void queries.invalidateQueries({ queryKey: ['/decisions'] }), 2_000)
  useTopic('signals', { onData: lookAgain, onGap: lookAgain })
  const isNarrowed = Object.values(filter).some((value) => value !== undefined)
  const narrow = (change: Filter) =>
    void navigate({ search: { ...filter, ...change }, replace: true, resetScroll: false })
  return (
    <Page title="Decisions">
      <p className="muted">
        Every closed candle ends in one decision: a trade, or the one reason why not. Candles in a row with nothing to
        trade are one line.
      </p>
      <Section title="What your bot decided">
        <HistoryFilter name="decision" filter={filter} names={names} onChange={narrow} />
        <Pages
          query={query}
          empty={
            isNarrowed
              ? 'No decisions of this strategy and time.'
              : 'No decisions yet. A running bot makes one for every candle that closes.'
          }
        >
          {(rows) => (
            <Table
              caption="Decisions, newest first"
              columns={decisionColumns(names)}
              rows={rows}
              rowKey={({ strategyId, symbol, from }) => `${strategyId} ${symbol} ${from}`}
            />
          )}
        </Pages>
      </Section>
    </Page>
  )
}
