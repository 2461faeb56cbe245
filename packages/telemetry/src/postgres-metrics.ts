import { createBatchingSink } from './batching-sink.js'
import type { MetricRows } from './metric-rows.js'
import type { Metrics } from './metrics.js'

/** Metrics in Postgres: a batch a second. */
export function createPostgresMetrics(rows: MetricRows): Metrics {
  return {
    sink: createBatchingSink({ store: (points) => rows.insert(points), isPermanent: isRefusedData }),
    source: { read: (query) => rows.read(query) },
  }
}

/**
 * SQLSTATE classes 22 (data exception) and 23 (constraint, for example a tenant that is gone): the row is at fault. The
 * driver's error may be wrapped by the query builder's.
 */
function isRefusedData(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    const { code } = each as { code?: unknown }
    if (typeof code === 'string' && /^2[23]\w{3}$/.test(code)) return true
  }
  return false
}
