import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { ensureDays } from './partitions.js'

interface Point {
  readonly tenantId: string
  readonly name: string
  readonly unit: string
  /** Epoch ms. */
  readonly time: number
  readonly value: number
}

interface Query {
  readonly tenantId: string
  readonly names?: readonly string[] | undefined
  readonly from: number
  readonly to: number
  readonly stepMs: number
}

/** The statements behind telemetry's Postgres adapter: its port `MetricRows`, over `metric_points`. */
export function metricRows(db: Db) {
  return {
    async insert(points: readonly Point[]): Promise<void> {
      if (points.length === 0) return
      await ensureDays(db, 'metric_points', new Set(points.map(({ time }) => time)))
      const rows = points.map((point) => ({ ...point, time: iso(point.time) }))
      await db.execute(sql`
        insert into metric_points (tenant_id, name, unit, time, value)
        select distinct on (p."tenantId", p.name, p.time) p."tenantId", p.name, p.unit, p.time, p.value
        from json_to_recordset(${JSON.stringify(rows)}::json)
          as p("tenantId" uuid, name text, unit text, time timestamptz, value float8)
        where not exists (select from metric_points m where (m.tenant_id, m.name, m.time) = (p."tenantId", p.name, p.time))`)
    },
    async read({ tenantId, names, from, to, stepMs }: Query) {
      const wanted = names ? sql`and name in (select json_array_elements_text(${JSON.stringify(names)}::json))` : sql``
      const rows = await db.execute<{ name: string; unit: string; step: string; mean: number }>(sql`
        select name, unit, floor(extract(epoch from time) * 1000 / ${stepMs}::float8) * ${stepMs}::float8 as step, avg(value) as mean
        from metric_points
        where tenant_id = ${tenantId} and time >= ${iso(from)}::timestamptz and time < ${iso(to)}::timestamptz ${wanted}
        group by name, unit, step order by name, unit, step`)
      const series: { name: string; unit: string; points: [number, number][] }[] = []
      for (const { name, unit, step, mean } of rows) {
        const last = series.at(-1)
        const same = last?.name === name && last.unit === unit ? last : undefined
        const point: [number, number] = [Number(step), Number(mean)]
        if (same) same.points.push(point)
        else series.push({ name, unit, points: [point] })
      }
      return series
    },
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
