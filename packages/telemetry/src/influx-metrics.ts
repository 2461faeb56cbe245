import { HttpError, InfluxDB, Point } from '@influxdata/influxdb-client'
import { createBatchingSink } from './batching-sink.js'
import { mergeSeries, parseSeries, selectSeries, type WeightedSeries } from './influx-ql.js'
import type { MetricPoint, MetricQuery, Metrics } from './metrics.js'

export interface InfluxOptions {
  /** For example http://127.0.0.1:8086 */
  readonly url: string
  readonly token: string
  readonly org: string
  /** One bucket for each retention class. They must exist. */
  readonly buckets: readonly string[]
  /** The bucket of the tenant's class, one of `buckets`. */
  readonly bucketOf: (tenantId: string) => string
  /** Limit of one request, ms. */
  readonly timeoutMs?: number
}

/**
 * Metrics in InfluxDB: a measurement for each name, tenant and unit as tags, field `value`. Written with the official
 * client; read in InfluxQL at /query, which version 1 has and version 2 maps from bucket to database by itself.
 */
export function createInfluxMetrics(options: InfluxOptions): Metrics {
  const { url, token, org, buckets, bucketOf, timeoutMs = 3_000 } = options
  const client = new InfluxDB({ url, token, timeout: timeoutMs })

  async function store(points: readonly MetricPoint[]): Promise<void> {
    const byBucket = new Map<string, Point[]>()
    for (const point of points) {
      const bucket = bucketOf(point.tenantId)
      const lines = byBucket.get(bucket) ?? []
      byBucket.set(bucket, lines)
      lines.push(toPoint(point))
    }
    for (const [bucket, lines] of byBucket) await writeOnce(client, org, bucket, lines)
  }

  async function ask(bucket: string, query: MetricQuery): Promise<WeightedSeries[]> {
    const params = new URLSearchParams({ db: bucket, rp: 'autogen', epoch: 'ms', q: selectSeries(query) })
    const response = await fetch(`${url}/query?${params}`, {
      headers: { authorization: `Token ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body: unknown = await response.json()
    if (response.status >= 500) throw new Error(`InfluxDB answers with HTTP status ${response.status}`)
    return parseSeries(body)
  }

  return {
    sink: createBatchingSink({ store, isPermanent: isRefusedData }),
    source: {
      async read(query) {
        if (query.names?.length === 0 || query.from >= query.to) return []
        const answers = await Promise.all(buckets.map((bucket) => ask(bucket, query)))
        return mergeSeries(answers.flat())
      },
    },
  }
}

function toPoint({ tenantId, name, unit, time, value }: MetricPoint): Point {
  return new Point(name).tag('tenant', tenantId).tag('unit', unit).floatField('value', value).timestamp(time)
}

/** One request and its outcome: buffer and retries are the sink's, so the client keeps nothing. */
async function writeOnce(client: InfluxDB, org: string, bucket: string, points: Point[]): Promise<void> {
  const api = client.getWriteApi(org, bucket, 'ms', {
    batchSize: points.length + 1,
    flushInterval: 0,
    maxRetries: 0,
    maxBufferLines: 0,
    gzipThreshold: 1_000,
    writeFailed: (error) => Promise.reject(error),
  })
  api.writePoints(points)
  await api.flush(false)
}

/** 400 and 422: a line is at fault. 401, 404 and the like are a matter of configuration, and cured from outside. */
function isRefusedData(error: unknown): boolean {
  return error instanceof HttpError && (error.statusCode === 400 || error.statusCode === 422)
}
