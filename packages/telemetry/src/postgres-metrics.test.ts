import t from 'tap'
import type { MetricRows } from './metric-rows.js'
import type { MetricPoint } from './metrics.js'
import { metricsContract } from './metrics-contract.fixture.js'
import { createPostgresMetrics } from './postgres-metrics.js'

/** Metric rows in an array, with the guarantees that the table gives. */
function memoryRows() {
  const stored = new Map<string, MetricPoint>()
  const state = { down: false, refuse: (_: MetricPoint): boolean => false, inserts: 0 }
  const rows: MetricRows = {
    async insert(points) {
      state.inserts++
      if (state.down) throw new Error('connect ECONNREFUSED')
      if (points.some(state.refuse)) {
        throw new Error('Failed query', { cause: Object.assign(new Error('foreign key'), { code: '23503' }) })
      }
      for (const point of points) {
        const key = JSON.stringify([point.tenantId, point.name, point.time])
        if (!stored.has(key)) stored.set(key, point)
      }
    },
    async read({ tenantId, names, from, to, stepMs }) {
      if (state.down) throw new Error('connect ECONNREFUSED')
      const series = new Map<string, { name: string; unit: string; steps: Map<number, number[]> }>()
      for (const { name, unit, time, value, ...point } of stored.values()) {
        if (point.tenantId !== tenantId || time < from || time >= to || names?.includes(name) === false) continue
        const each = series.get(name) ?? { name, unit, steps: new Map<number, number[]>() }
        series.set(name, each)
        const step = Math.floor(time / stepMs) * stepMs
        const values = each.steps.get(step) ?? []
        each.steps.set(step, values)
        values.push(value)
      }
      return [...series.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, unit, steps }) => ({
          name,
          unit,
          points: [...steps]
            .sort(([a], [b]) => a - b)
            .map(([step, values]) => [step, values.reduce((a, b) => a + b, 0) / values.length] as const),
        }))
    },
  }
  return { rows, state }
}

t.test('metrics in rows', async (t) =>
  metricsContract(t, async (t) => {
    const { rows, state } = memoryRows()
    const metrics = createPostgresMetrics(rows)
    t.teardown(() => metrics.sink.close())
    const set = (down: boolean) => async () => {
      state.down = down
    }
    return { ...metrics, breakStore: set(true), repairStore: set(false) }
  }),
)

const gone = 'gone'
const points = Array.from({ length: 100 }, (_, i) => ({
  tenantId: i === 37 ? gone : 'here',
  name: 'equity',
  unit: 'USD',
  time: i,
  value: i,
}))

t.test('one row that the database will never take does not hold up the others', async (t) => {
  const { rows, state } = memoryRows()
  state.refuse = ({ tenantId }) => tenantId === gone
  const { sink, source } = createPostgresMetrics(rows)
  sink.write(points)
  await sink.flush()
  t.equal(sink.dropped, 1)
  const [series] = await source.read({ tenantId: 'here', from: 0, to: 1_000, stepMs: 1 })
  t.equal(series?.points.length, 99)
  t.ok(state.inserts < 20, 'found by halving')
})

t.test('writes are stored within a second without a flush, many in one statement', async (t) => {
  const { rows, state } = memoryRows()
  const { sink } = createPostgresMetrics(rows)
  for (const point of points) sink.write([point])
  const deadline = performance.now() + 30_000
  while (state.inserts === 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  t.equal(state.inserts, 1)
  await sink.close()
})
