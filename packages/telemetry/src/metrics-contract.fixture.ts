import type { Test } from 'tap'
import type { MetricPoint, Metrics } from './metrics.js'

export interface MetricsUnderTest extends Metrics {
  /** From now on the store does not answer. */
  breakStore(): Promise<void>
  repairStore(): Promise<void>
}

const start = Date.UTC(2026, 0, 5, 12)
let tenants = 0

/** A tenant of its own for each test. */
function newTenant(): string {
  return `00000000-0000-4000-8000-${String(++tenants).padStart(12, '0')}`
}

function point(tenantId: string, second: number, value: number, changes: Partial<MetricPoint> = {}): MetricPoint {
  return { tenantId, name: 'loop-lag', unit: 'ms', time: start + second * 1_000, value, ...changes }
}

const all = { from: start, to: start + 3_600_000, stepMs: 1_000 }

/** What everybody who measures and everybody who draws relies on, for every store. */
export function metricsContract(t: Test, make: (t: Test) => Promise<MetricsUnderTest>): void {
  t.test('what is written is read back as means of steps, oldest first', async (t) => {
    const { sink, source } = await make(t)
    const tenantId = newTenant()
    sink.write([point(tenantId, 61, 30), point(tenantId, 0, 1), point(tenantId, 10, 2), point(tenantId, 59, 6)])
    sink.write([point(tenantId, 5, 1024.5, { name: 'memory', unit: 'bytes' })])
    await sink.flush()
    t.same(await source.read({ ...all, tenantId, stepMs: 60_000 }), [
      {
        name: 'loop-lag',
        unit: 'ms',
        points: [
          [start, 3],
          [start + 60_000, 30],
        ],
      },
      { name: 'memory', unit: 'bytes', points: [[start, 1024.5]] },
    ])
    t.same(await source.read({ ...all, tenantId, names: ['memory', 'nothing'] }), [
      { name: 'memory', unit: 'bytes', points: [[start + 5_000, 1024.5]] },
    ])
    t.equal(sink.dropped, 0)
  })

  t.test('from is inclusive, to exclusive, an empty question has an empty answer', async (t) => {
    const { sink, source } = await make(t)
    const tenantId = newTenant()
    sink.write([1, 2, 3].map((second) => point(tenantId, second, second)))
    await sink.flush()
    const [series] = await source.read({ ...all, tenantId, from: start + 1_000, to: start + 3_000 })
    t.same(series?.points, [
      [start + 1_000, 1],
      [start + 2_000, 2],
    ])
    t.same(await source.read({ ...all, tenantId, to: start }), [])
    t.same(await source.read({ ...all, tenantId, names: [] }), [])
    t.same(await source.read({ ...all, tenantId: newTenant() }), [])
  })

  t.test('a tenant sees its own values only, whatever it calls itself or its metrics', async (t) => {
    const { sink, source } = await make(t)
    const [mine, theirs] = [newTenant(), newTenant()]
    const hostile = [
      "x' OR 'a'='a",
      '"; DROP MEASUREMENT "loop-lag"; --',
      'a,b=c d',
      'back\\slash"quote',
      'ünï\u{1F600}',
      '/.*/',
    ]
    sink.write([point(theirs, 0, 666), ...hostile.map((name, i) => point(mine, 1, i, { name, unit: name }))])
    await sink.flush()
    for (const [i, name] of hostile.entries()) {
      t.same(
        await source.read({ ...all, tenantId: mine, names: [name] }),
        [{ name, unit: name, points: [[start + 1_000, i]] }],
        name,
      )
    }
    t.equal((await source.read({ ...all, tenantId: mine })).length, hostile.length)
    for (const tenantId of hostile) t.same(await source.read({ ...all, tenantId }).catch(() => []), [], tenantId)
    const [kept] = await source.read({ ...all, tenantId: theirs })
    t.same(kept?.points, [[start, 666]])
  })

  t.test('what no store can keep is dropped and counted', async (t) => {
    const { sink, source } = await make(t)
    const tenantId = newTenant()
    sink.write([point(tenantId, 0, Number.NaN), point(tenantId, 1, Number.POSITIVE_INFINITY)])
    sink.write([point(tenantId, 0.0001, 1), point(tenantId, Number.NaN, 1), point(tenantId, 2, 5)])
    sink.write(['', 'swallows its tags\\', 'two\nlines', 'nul\0'].map((name) => point(tenantId, 3, 1, { name })))
    await sink.flush()
    t.equal(sink.dropped, 8)
    t.same((await source.read({ ...all, tenantId }))[0]?.points, [[start + 2_000, 5]])
  })

  t.test('an outage throws nothing, is bounded and counted, and what was kept arrives after it', async (t) => {
    const { sink, source, breakStore, repairStore } = await make(t)
    const tenantId = newTenant()
    sink.write([point(tenantId, 0, 1)])
    await sink.flush()
    await breakStore()
    const load = Array.from({ length: 25_000 }, (_, i) =>
      point(tenantId, 1 + Math.floor(i / 100), i, { time: start + 1_000 + i }),
    )
    for (let at = 0; at < load.length; at += 500) sink.write(load.slice(at, at + 500))
    await sink.flush()
    t.equal(sink.dropped, 5_000, 'the oldest beyond the buffer')
    await t.rejects(source.read({ ...all, tenantId }), 'who reads is told')
    await repairStore()
    await sink.flush()
    const points = (await source.read({ ...all, tenantId, stepMs: 3_600_000 }))[0]?.points
    const kept = [1, ...load.slice(5_000).map(({ value }) => value)]
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length
    t.ok(Math.abs((points?.[0]?.[1] ?? 0) - mean) < 1e-6, 'all that was kept, once each')
    t.equal(sink.dropped, 5_000)
  })

  t.test('close sends what is left; what comes later is counted as lost', async (t) => {
    const { sink, source } = await make(t)
    const tenantId = newTenant()
    sink.write([point(tenantId, 0, 1)])
    await sink.close()
    sink.write([point(tenantId, 1, 2)])
    await sink.flush()
    await sink.close()
    t.equal(sink.dropped, 1)
    t.same((await source.read({ ...all, tenantId }))[0]?.points, [[start, 1]])
  })
}
