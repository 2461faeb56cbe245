import { type Db, ensureWallClockDays, plans } from '@sath/db'
import { max, sql } from 'drizzle-orm'

const dayMs = 86_400_000
/** Of what people did and bots decided. */
const keepDays = 400

/**
 * Drops what nobody may ask for any more, a whole day at a time, and makes tomorrow's partitions. Tables on market time
 * follow the market's clock: a recording of long ago is not old. `marketNow` undefined: nothing is known of it.
 */
export async function dropOldDays(db: Db, wallNow: number, marketNow: number | undefined): Promise<void> {
  await ensureWallClockDays(db, wallNow)
  const [longest] = await db.select({ days: max(plans.logRetentionDays) }).from(plans)
  const drop = (table: string, now: number, days: number) =>
    db.execute(
      sql`select drop_day_partitions(${table}, ${new Date(now - days * dayMs).toISOString().slice(0, 10)}::date)`,
    )
  await drop('metric_points', wallNow, longest?.days ?? keepDays)
  await drop('audit_log', wallNow, keepDays)
  await drop('run_events', wallNow, keepDays)
  if (marketNow === undefined) return
  await drop('decisions', marketNow, keepDays)
  await drop('signals', marketNow, keepDays)
}
