import { randomUUID } from 'node:crypto'
import t from 'tap'
import { metricRows } from './metric-rows.js'
import { openTestDatabase } from './testing.js'

t.test('metrics are stored once and read as means of steps, each tenant’s own', async (t) => {
  const { db } = await openTestDatabase(t)
  const rows = metricRows(db)
  const [tenantId, other] = [randomUUID(), randomUUID()]
  const time = Date.UTC(2024, 11, 2)
  const point = (name: string, at: number, value: number, of = tenantId) => ({
    tenantId: of,
    name,
    unit: 'ms',
    time: time + at,
    value,
  })
  const points = [
    point('lag', 0, 1),
    point('lag', 500, 2),
    point('lag', 1_000, 6),
    point('cpu', 0, 0.1),
    point('lag', 0, 9, other),
  ]
  await rows.insert(points)
  await rows.insert([...points, point('lag', 0, 99)])
  await rows.insert([])
  const query = { tenantId, from: time, to: time + 2_000, stepMs: 1_000 }
  t.same(await rows.read(query), [
    { name: 'cpu', unit: 'ms', points: [[time, 0.1]] },
    {
      name: 'lag',
      unit: 'ms',
      points: [
        [time, 1.5],
        [time + 1_000, 6],
      ],
    },
  ])
  t.same(
    (await rows.read({ ...query, names: ['lag'], to: time + 1_000 })).map(({ name, points }) => [name, points.length]),
    [['lag', 1]],
  )
  t.same(await rows.read({ ...query, names: ["'; drop table users; --"] }), [])
})
