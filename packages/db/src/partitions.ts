import { sql } from 'drizzle-orm'
import type { Db } from './client.js'

export type PartitionedTable = 'run_events' | 'audit_log' | 'signals' | 'decisions' | 'candles' | 'metric_points'

const dayMs = 86_400_000
const known = new WeakMap<object, Map<string, Promise<void>>>()

/**
 * Makes the day partitions that rows of these instants (epoch ms) will land in. Remembers what it made, so calling it before
 * every insert costs nothing. Call it outside of long transactions. `pool` is the memory's key: pass the root database.
 */
export async function ensureDays(pool: Db, table: PartitionedTable, times: Iterable<number>): Promise<void> {
  const seen = known.get(pool) ?? new Map<string, Promise<void>>()
  known.set(pool, seen)
  const days = new Set([...times].map((time) => new Date(Math.floor(time / dayMs) * dayMs).toISOString().slice(0, 10)))
  await Promise.all(
    [...days].map((day) => {
      const key = `${table}:${day}`
      const making = seen.get(key) ?? makeDay(pool, table, day)
      seen.set(key, making)
      return making.catch((error: unknown) => {
        if (seen.get(key) === making) seen.delete(key)
        throw error
      })
    }),
  )
}

async function makeDay(pool: Db, table: PartitionedTable, day: string): Promise<void> {
  await pool.execute(sql`select ensure_day_partition(${table}, ${day}::date)`)
}

/** Today's and tomorrow's partitions of the tables that follow the wall clock. Every program calls it at start and hourly. */
export async function ensureWallClockDays(pool: Db, now: number): Promise<void> {
  for (const table of ['run_events', 'audit_log', 'metric_points'] as const)
    await ensureDays(pool, table, [now, now + dayMs])
}
