import { useQuery } from '@tanstack/react-query'
import type { AdminNode, Whole } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { number } from '../../parts/format.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { type Column, Table } from '../../parts/table.js'
import { Time } from '../../parts/time.js'

const columns: readonly Column<AdminNode>[] = [
  { head: 'Node', cell: ({ node }) => node },
  { head: 'Bots', align: 'end', cell: ({ bots }) => number(bots, 0) },
  { head: 'Given to them', cell: ({ memoryMiB, cpu }) => `${number(memoryMiB, 0)} MiB, ${number(cpu, 2)} CPU` },
  { head: 'Programs', cell: ({ programs }) => <Programs programs={programs} /> },
]

function Programs({ programs }: Pick<AdminNode, 'programs'>) {
  return (
    <span className="program-list">
      {programs.map(({ name, ready, seenAt, startedAt }) => (
        <span key={`${name} ${startedAt}`}>
          {name} <Badge tone={ready ? 'good' : 'warning'}>{ready ? 'Ready' : 'Not ready'}</Badge>{' '}
          <span className="muted">
            seen <Time at={seenAt} />
          </span>
        </span>
      ))}
    </span>
  )
}

/** The machines that bots run on, and Sath's own programs there. */
export function Nodes() {
  const { client } = useApp()
  const query = useQuery({
    queryKey: ['/admin/nodes'],
    queryFn: async ({ signal }) => (await client.get<Whole<AdminNode>>('/admin/nodes', { signal })).items,
    refetchOnWindowFocus: false,
  })
  return (
    <Loaded query={query}>
      {(nodes) =>
        nodes.length === 0 ? (
          <Empty>No program has told of itself yet.</Empty>
        ) : (
          <Table caption="Nodes" columns={columns} rows={nodes} rowKey={({ node }) => node} />
        )
      }
    </Loaded>
  )
}
