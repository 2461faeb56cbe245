import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@sath/db'
import { walk } from '@sath/testkit'
import type { BareFanOut } from './bare-fan-out.js'
import { compared, type Figure } from './figure.js'
import { symbol } from './recording.js'
import { percentile } from './samples.js'
import type { Sizes } from './sizes.js'

const everyMs = 1_000

/** Candles a second of the feed while this is measured: each has its second to itself. */
export const candlePace = 1_000 / everyMs

interface Decided {
  /** Open time of the candle, epoch ms. */
  readonly time: number
  /** When the candle's row was written, epoch ms by the database's clock. */
  readonly writtenAt: number
  /** For each bot the ms from then until its decision was committed. */
  readonly tookMs: readonly number[]
}

/**
 * From one closed candle to the committed decisions of all bots. The bench watches from outside: a column of its own in
 * `candles` takes the clock when the row is written, and Postgres remembers when each checkpoint was committed. Between two
 * candles the bare fan-out has its round.
 */
export async function candleLatency(
  { sql }: Database,
  {
    tenantIds,
    fanOut,
    sizes,
  }: { readonly tenantIds: readonly string[]; readonly fanOut: BareFanOut; readonly sizes: Sizes },
): Promise<Figure[]> {
  const message = { type: 'candle', key: { source: 'replay', symbol, timeframe: 'M1' }, mode: 'live' }
  const bareCandles = walk(sizes.warmUpCandles + sizes.candles, { seed: 11 })
  const ours: number[] = []
  const bare: number[] = []
  const last = { ours: [] as number[], bare: [] as number[] }
  let before = await nextDecided(sql, tenantIds, undefined)
  for (const [n, candle] of bareCandles.entries()) {
    const decided = await nextDecided(sql, tenantIds, before)
    const acknowledged = await fanOut.round({ ...message, candle })
    before = decided
    if (n < sizes.warmUpCandles) continue
    ours.push(...decided.tookMs)
    bare.push(...acknowledged)
    last.ours.push(Math.max(...decided.tookMs))
    last.bare.push(Math.max(...acknowledged))
  }
  const outcomes = await outcomesOf(sql, tenantIds)
  const p = (share: number) => (samples: readonly number[]) => percentile(samples, share)
  const how = `ours: from the moment the candle's row is written until the commit of each bot's decision, signal and checkpoint, both by Postgres; bare: from the first send over ws until each client's acknowledgement, in containers with the same HostConfig; ${sizes.candles} candles to ${tenantIds.length} bots, a round of both in every second`
  return [
    compared({ name: 'candle to decision, p50', unit: 'ms', ours, bare, by: p(0.5), bound: { atMost: 3 }, how }),
    compared({ name: 'candle to decision, p99', unit: 'ms', ours, bare, by: p(0.99), bound: { atMost: 3 }, how }),
    compared({
      name: 'candle to the last decision',
      unit: 'ms',
      ...last,
      how: `until the last of all bots, median over the candles; decisions stored: ${outcomes}`,
    }),
  ]
}

/** Lets the bench see when a candle was written. Rows from before have no such time. */
export async function noteCandleTimes({ sql }: Database): Promise<void> {
  await sql`alter table candles add column bench_written_at timestamptz`
  await sql`alter table candles alter column bench_written_at set default clock_timestamp()`
}

/** @throws Error when a candle takes so long that the next one comes before all have decided it */
async function nextDecided(
  sql: Database['sql'],
  tenantIds: readonly string[],
  before: Decided | undefined,
): Promise<Decided> {
  // Looked at in the middle of the second: by then all is quiet, and nothing is disturbed.
  if (before) await delay(Math.max(0, before.writtenAt + everyMs * 1.4 - Date.now()))
  const end = Date.now() + 60_000
  for (;;) {
    const rows = await sql<{ time: number; writtenAt: number; tookMs: number }[]>`
      select extract(epoch from p.candle_time)::float8 * 1000 as time, extract(epoch from c.bench_written_at)::float8 * 1000 as "writtenAt",
        extract(epoch from pg_xact_commit_timestamp(p.xmin) - c.bench_written_at)::float8 * 1000 as "tookMs"
      from strategy_checkpoints p
      join candles c on c.source = 'replay' and c.symbol = ${symbol} and c.timeframe = 'M1' and c.time = p.candle_time
      where p.tenant_id in ${sql([...tenantIds])} and c.bench_written_at is not null`
    const times = new Set(rows.map(({ time }) => time))
    const [first] = rows
    const isNew = first !== undefined && first.time > (before?.time ?? 0)
    if (first && isNew && rows.length === tenantIds.length && times.size === 1)
      return { time: first.time, writtenAt: first.writtenAt, tookMs: rows.map(({ tookMs }) => tookMs) }
    const skipped = before && first && Math.max(...times) > before.time + 60_000
    if (skipped) throw new Error('a candle was not decided by all bots before the next one came')
    if (Date.now() > end) throw new Error(`no candle was decided by all bots in a minute; ${rows.length} have decided`)
    await delay(before ? 20 : 100)
  }
}

async function outcomesOf(sql: Database['sql'], tenantIds: readonly string[]): Promise<string> {
  const rows = await sql<{ outcome: string; n: number }[]>`
    select outcome, sum(candles)::int as n from decisions where tenant_id in ${sql([...tenantIds])} group by 1 order by 2 desc`
  return rows.map(({ outcome, n }) => `${n} ${outcome}`).join(', ')
}
