import { sql } from 'drizzle-orm'
import { check, doublePrecision, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.js'

/** Closed candles, each stored once whoever wants it. Partitioned by day of `time` (open time). */
export const candles = pgTable(
  'candles',
  {
    source: text().notNull(),
    symbol: text().notNull(),
    timeframe: text().notNull(),
    time: instant().notNull(),
    open: doublePrecision().notNull(),
    high: doublePrecision().notNull(),
    low: doublePrecision().notNull(),
    close: doublePrecision().notNull(),
    volume: doublePrecision().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.source, t.symbol, t.timeframe, t.time] }),
    check(
      'candles_shape',
      sql`${t.high} >= greatest(${t.open}, ${t.close}) and ${t.low} <= least(${t.open}, ${t.close}) and ${t.volume} >= 0`,
    ),
  ],
)

/** Metrics of the embedded default; InfluxDB takes their place where it is configured. Partitioned by day. */
export const metricPoints = pgTable(
  'metric_points',
  {
    tenantId: uuid().notNull(),
    name: text().notNull(),
    unit: text().notNull(),
    time: instant().notNull(),
    value: doublePrecision().notNull(),
  },
  (t) => [index('metric_points_series').on(t.tenantId, t.name, t.time)],
)
