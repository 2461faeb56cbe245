import type { MetricPoint, MetricQuery, MetricSeries } from './metrics.js'

/** What the Postgres adapter needs of the database: two statements. Both may reject. */
export interface MetricRows {
  /** Stores all or none. A point that is there already (tenant, name, time) is left as it is. */
  insert(points: readonly MetricPoint[]): Promise<void>
  /** As `MetricSource.read`. */
  read(query: MetricQuery): Promise<readonly MetricSeries[]>
}
