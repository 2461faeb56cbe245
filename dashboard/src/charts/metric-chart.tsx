import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { Metrics } from '../api/types.js'
import { useApp } from '../app.js'
import { Empty, Loaded, Loading } from '../parts/loaded.js'

const AreaChart = lazy(async () => ({ default: (await import('./area-chart.js')).AreaChart }))

/** One measurement over the last hours, small. `match` picks it by name. */
export function MetricChart({ title, match, hours }: { title: string; match: RegExp; hours: number }) {
  const { client } = useApp()
  const query = useQuery({
    queryKey: ['/metrics', hours],
    queryFn: ({ signal }) => {
      const to = Date.now()
      const times = { from: new Date(to - hours * 3_600_000).toISOString(), to: new Date(to).toISOString() }
      return client.get<Metrics>('/metrics', { query: times, signal })
    },
    refetchInterval: 30_000,
  })
  return (
    <figure className="stack figure">
      <figcaption className="muted">{title}</figcaption>
      <Loaded query={query}>
        {({ series }) => {
          const found = series.find(({ name }) => match.test(name))
          if (!found || found.points.length === 0) return <Empty>Nothing measured yet.</Empty>
          return (
            <Suspense fallback={<Loading />}>
              <AreaChart points={found.points} unit={found.unit} label={title} />
            </Suspense>
          )
        }}
      </Loaded>
    </figure>
  )
}
