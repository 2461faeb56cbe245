import type { Db } from '@sath/db'
import { sql } from 'drizzle-orm'

/**
 * Which bucket a tenant's metrics go to. `buckets`: shortest retention first; plans are spread over them by how long they
 * keep their logs, the longest into the last. Nothing is kept too short: a tenant not heard of yet goes to the last.
 */
export function createRetentionBuckets(db: Db, buckets: readonly string[]) {
  const last = buckets.length - 1
  let places: ReadonlyMap<string, number> = new Map()
  return {
    bucketOf: (tenantId: string): string => buckets[places.get(tenantId) ?? last] ?? '',
    async refresh(): Promise<void> {
      if (last <= 0) return
      const rows = await db.execute<{ tenantId: string; fromLongest: string }>(sql`
        select e.tenant_id as "tenantId", c.from_longest as "fromLongest" from effective_plans e
        join (select log_retention_days, dense_rank() over (order by log_retention_days desc) - 1 as from_longest
              from plans group by log_retention_days) c using (log_retention_days)`)
      places = new Map([...rows].map((row) => [row.tenantId, Math.max(0, last - Number(row.fromLongest))]))
    },
  }
}
