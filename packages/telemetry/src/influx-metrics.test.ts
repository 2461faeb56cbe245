import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { realInflux } from '@sath/testkit'
import t from 'tap'
import { createInfluxMetrics } from './influx-metrics.js'
import { mergeSeries, parseSeries, quoteIdentifier, quoteString, selectSeries } from './influx-ql.js'
import { metricsContract } from './metrics-contract.fixture.js'

const buckets = ['keep-7-days', 'keep-90-days']
const influx = await realInflux(t, buckets)
const skip = influx ? false : 'influxd is not installed'

/** Even tenants are of the first class, odd ones of the second. */
const bucketOf = (tenantId: string) => (Number(tenantId.at(-1)) % 2 === 0 ? buckets[0]! : buckets[1]!)

t.test('metrics in a real InfluxDB', { skip }, async (t) =>
  metricsContract(t, async (t) => {
    const { url, token, stop, start } = influx!
    const metrics = createInfluxMetrics({ url, token, org: 'sath', buckets, bucketOf, timeoutMs: 30_000 })
    t.teardown(() => metrics.sink.close())
    return { ...metrics, breakStore: stop, repairStore: start }
  }),
)

t.test('stopped and started under load: nothing throws, nothing is lost that fits the buffer', { skip }, async (t) => {
  const { url, token, stop, start } = influx!
  const { sink, source } = createInfluxMetrics({ url, token, org: 'sath', buckets, bucketOf, timeoutMs: 30_000 })
  const tenantId = 'load-2'
  const begin = Date.UTC(2026, 1, 1)
  let written = 0
  const load = setInterval(() => {
    sink.write(Array.from({ length: 10 }, () => ({ tenantId, name: 'n', unit: '', time: begin + written++, value: 1 })))
  }, 1)
  const until = async (count: number) => {
    while (written < count) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await until(500)
  await sink.flush()
  await stop()
  await until(1_500)
  await sink.flush()
  await start()
  await until(2_500)
  clearInterval(load)
  await sink.close()
  t.equal(sink.dropped, 0)
  const [series] = await source.read({ tenantId, from: begin, to: begin + written, stepMs: 1 })
  t.equal(series?.points.length, written)
})

t.test('after a change of class the old bucket’s points are still read', { skip }, async (t) => {
  const { url, token } = influx!
  const tenantId = 'moved'
  for (const [at, bucket] of buckets.entries()) {
    const { sink } = createInfluxMetrics({ url, token, org: 'sath', buckets, bucketOf: () => bucket })
    sink.write([{ tenantId, name: 'equity', unit: 'USD', time: 1_000 + at, value: 10 + at }])
    await sink.close()
  }
  const { source } = createInfluxMetrics({ url, token, org: 'sath', buckets, bucketOf })
  const query = { tenantId, from: 0, to: 10_000 }
  t.same(await source.read({ ...query, stepMs: 1 }), [
    {
      name: 'equity',
      unit: 'USD',
      points: [
        [1_000, 10],
        [1_001, 11],
      ],
    },
  ])
  t.same((await source.read({ ...query, stepMs: 10_000 }))[0]?.points, [[0, 10.5]])
})

t.test('a wrong token loses nothing silently and tells who reads', { skip }, async (t) => {
  const { url } = influx!
  const { sink, source } = createInfluxMetrics({ url, token: 'canary-token', org: 'sath', buckets, bucketOf })
  sink.write([{ tenantId: 'a1', name: 'n', unit: '', time: 1, value: 1 }])
  await sink.flush()
  t.equal(sink.dropped, 0, 'kept: the token may be corrected')
  await t.rejects(source.read({ tenantId: 'a1', from: 0, to: 10, stepMs: 1 }))
  await sink.close()
  t.equal(sink.dropped, 1)
})

t.test('an InfluxDB that never answers holds nobody up', async (t) => {
  const mute = createServer(() => {})
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    mute.closeAllConnections()
    mute.close()
  })
  const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`
  const { sink, source } = createInfluxMetrics({ url, token: 't', org: 'o', buckets, bucketOf, timeoutMs: 100 })
  sink.write([{ tenantId: 'a1', name: 'n', unit: '', time: 1, value: 1 }])
  const begin = performance.now()
  await sink.flush()
  await t.rejects(source.read({ tenantId: 'a1', from: 0, to: 10, stepMs: 1 }))
  await sink.close()
  t.ok(performance.now() - begin < 10_000)
})

t.test('quotes names and texts, and refuses times that are not whole', async (t) => {
  t.equal(quoteIdentifier('a"b\\c\nd'), '"a\\"b\\\\c\\nd"')
  t.equal(quoteString("a'b\\"), "'a\\'b\\\\'")
  t.equal(
    selectSeries({ tenantId: "x'", names: ['a', 'b'], from: 0, to: 5, stepMs: 1 }),
    `SELECT mean("value"), count("value") FROM "a", "b" WHERE "tenant" = 'x\\'' AND time >= 0ms AND time < 5ms ` +
      'GROUP BY time(1ms), "unit" fill(none)',
  )
  t.throws(() => selectSeries({ tenantId: 'x', from: 0.5, to: 5, stepMs: 1 }), RangeError)
})

t.test('passes on what InfluxDB says is wrong, in both versions’ shapes', async (t) => {
  t.throws(() => parseSeries({ error: 'database not found' }), { message: /database not found/ })
  t.throws(() => parseSeries({ results: [{ error: 'bad' }] }), { message: /bad/ })
  t.throws(() => parseSeries({ code: 'unauthorized', message: 'unauthorized access' }), { message: /unauthorized/ })
  t.same(parseSeries({ results: [{ statement_id: 0 }] }), [])
  t.same(mergeSeries([]), [])
})
