import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { configQuery, positionsQuery } from '../../api/queries.js'
import type { Trade, TradeStatus } from '../../api/types.js'
import { useApp } from '../../app.js'
import { MetricChart } from '../../charts/metric-chart.js'
import { useThrottled } from '../../live/use-throttled.js'
import { useTopic } from '../../live/use-topic.js'
import { SelectField } from '../../parts/field.js'
import { words } from '../../parts/format.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Pages, usePages } from '../../parts/pages.js'
import { Table } from '../../parts/table.js'
import { positionColumns, tradeColumns } from './trade-columns.js'

const statuses: readonly TradeStatus[] = ['pending', 'open', 'win', 'loss', 'tie', 'refused', 'unknown', 'cancelled']
const options = [{ value: '', label: 'All' }, ...statuses.map((value) => ({ value, label: words(value) }))]

export function TradesPage() {
  const { client } = useApp()
  const queries = useQueryClient()
  const config = useQuery(configQuery(client))
  const names = new Map(config.data?.config?.strategies.map(({ id, name }) => [id, name]))
  const lookAgain = useThrottled(() => {
    for (const key of ['/trades', '/positions', '/metrics']) void queries.invalidateQueries({ queryKey: [key] })
  }, 1_000)
  useTopic('trades', { onData: lookAgain, onGap: lookAgain })
  return (
    <Page title="Trades">
      <Section title="Open positions">
        <Positions names={names} />
      </Section>
      <Section title="Equity">
        <MetricChart title="Last 24 hours" match={/equity|balance/} hours={24} />
      </Section>
      <Section title="All trades">
        <Trades names={names} />
      </Section>
    </Page>
  )
}

type Names = ReadonlyMap<string, string>

function Positions({ names }: { names: Names }) {
  const { client } = useApp()
  const query = useQuery(positionsQuery(client))
  return (
    <Loaded query={query}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty>Nothing is open.</Empty>
        ) : (
          <Table caption="Open positions" columns={positionColumns(names)} rows={rows} rowKey={({ id }) => id} />
        )
      }
    </Loaded>
  )
}

function Trades({ names }: { names: Names }) {
  const { client } = useApp()
  const [status, setStatus] = useState('')
  const query = usePages<Trade>(client, '/trades', { status: status || undefined })
  return (
    <>
      <div className="picker">
        <SelectField
          name="trade-status"
          label="Status"
          options={options}
          value={status}
          onChange={(event) => setStatus(event.target.value)}
        />
      </div>
      <Pages
        query={query}
        empty={
          status === '' ? 'No trades yet. Your bot enters them when a strategy signals.' : 'No trades with this status.'
        }
      >
        {(rows) => (
          <Table caption="Trades, newest first" columns={tradeColumns(names)} rows={rows} rowKey={({ id }) => id} />
        )}
      </Pages>
    </>
  )
}
