import t from 'tap'
import { createBatchingSink } from './batching-sink.js'
import type { MetricPoint } from './metrics.js'

const point = (time: number): MetricPoint => ({ tenantId: 'a', name: 'n', unit: '', time, value: 1 })

t.test('a flush sends what was there, however fast more comes', async (t) => {
  const calls: (readonly MetricPoint[])[] = []
  const sink = createBatchingSink({
    store: async (points) => {
      calls.push(points)
      if (calls.length < 50) sink.write([point(100 * calls.length), point(100 * calls.length + 1)])
    },
    isPermanent: () => false,
    batchSize: 2,
  })
  sink.write([1, 2, 3].map(point))
  await sink.flush()
  t.same(
    calls.map((points) => points.map(({ time }) => time)),
    [[1, 2], [3]],
  )
  await sink.close()
  t.equal(sink.dropped, 4, 'what comes after the close is not kept')
})
