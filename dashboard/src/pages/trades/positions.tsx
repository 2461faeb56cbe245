import { useQuery } from '@tanstack/react-query'
import { positionsQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Table } from '../../parts/table.js'
import type { Names } from '../history/use-strategy-names.js'
import { positionColumns } from './trade-columns.js'

/** What is not over. */
export function Positions({ names }: { names: Names }) {
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
