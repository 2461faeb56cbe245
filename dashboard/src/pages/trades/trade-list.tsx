import { getRouteApi } from '@tanstack/react-router'
import type { Trade, TradeStatus } from '../../api/types.js'
import { useApp } from '../../app.js'
import { words } from '../../parts/format.js'
import { Pages, usePages } from '../../parts/pages.js'
import { all, PickField } from '../../parts/pick-field.js'
import { Table } from '../../parts/table.js'
import { type Filter, HistoryFilter } from '../history/history-filter.js'
import type { Names } from '../history/use-strategy-names.js'
import { tradeColumns } from './trade-columns.js'

const route = getRouteApi('/signed-in/trades')
const statuses: readonly TradeStatus[] = ['pending', 'open', 'win', 'loss', 'tie', 'refused', 'unknown', 'cancelled']
const options = [all, ...statuses.map((value) => ({ value, label: words(value) }))]

/** All trades, narrowed as the address says. */
export function TradeList({ names }: { names: Names }) {
  const { client } = useApp()
  const { trade, at, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  const query = usePages<Trade>(client, '/trades', { ...filter })
  const isNarrowed = Object.values(filter).some((value) => value !== undefined)
  const narrow = (change: Filter & { readonly status?: string | undefined }) =>
    void navigate({ search: { trade, at, ...filter, ...change }, replace: true, resetScroll: false })
  return (
    <>
      <HistoryFilter name="trade" filter={filter} names={names} onChange={narrow}>
        <PickField
          name="trade-status"
          label="Status"
          options={options}
          value={filter.status ?? ''}
          onPick={(status) => narrow({ status: status || undefined })}
        />
      </HistoryFilter>
      <Pages
        query={query}
        empty={isNarrowed ? 'No trades like that.' : 'No trades yet. Your bot enters them when a strategy signals.'}
      >
        {(rows) => (
          <Table caption="Trades, newest first" columns={tradeColumns(names)} rows={rows} rowKey={({ id }) => id} />
        )}
      </Pages>
    </>
  )
}
