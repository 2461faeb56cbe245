import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@sath/db'
import { until, walk } from '@sath/testkit'
import type { BareFanOut } from './bare-fan-out.js'
import { compared, type Figure } from './figure.js'
import { symbol } from './recording.js'
import { percentile } from './samples.js'
import type { Sizes } from './sizes.js'

const everyMs = 1_000

/** Candles a second of the feed while this is measured: each has its second to itself. */
export const candlePace = 1_000 / everyMs

/**
 * From one closed candle to the committed decisions of all bots. The bench watches from inside of the database, see
 * `watchDecisions`, and reads what was seen at the end. Between two candles the bare fan-out has its round.
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
  const bare: number[] = []
  const lastBare: number[] = []
  const since = await warmUp(sql, tenantIds, sizes.warmUpCandles)
  for (const candle of walk(sizes.candles, { seed: 11 })) {
    // Half a second after the candle: by then all is quiet.
    await delay(everyMs / 2 + (await msToNextCandle(sql)))
    const acknowledged = await fanOut.round({ ...message, candle })
    bare.push(...acknowledged)
    lastBare.push(Math.max(...acknowledged))
  }
  await delay(everyMs)
  const decided = await decidedSince(sql, since, sizes.candles)
  const missing = sizes.candles * tenantIds.length - decided.reduce((count, { tookMs }) => count + tookMs.length, 0)
  if (missing > 0) throw new Error(`${missing} of the decisions on ${sizes.candles} candles are missing`)
  const ours = decided.flatMap(({ tookMs }) => tookMs)
  const lastOurs = decided.map(({ tookMs }) => Math.max(...tookMs))
  const outcomes = await outcomesOf(sql, tenantIds)
  const p = (share: number) => (samples: readonly number[]) => percentile(samples, share)
  const how = `ours: from the moment the candle's row is written until the commit of each bot's decision, signal and checkpoint, both by Postgres; bare: from the first send over ws until each client's acknowledgement, in containers with the same HostConfig; ${sizes.candles} candles to ${tenantIds.length} bots, a round of both in every second`
  return [
    compared({ name: 'candle to decision, p50', unit: 'ms', ours, bare, by: p(0.5), bound: { atMost: 3 }, how }),
    compared({ name: 'candle to decision, p99', unit: 'ms', ours, bare, by: p(0.99), bound: { atMost: 3 }, how }),
    compared({
      name: 'candle to the last decision',
      unit: 'ms',
      ours: lastOurs,
      bare: lastBare,
      how: `until the last of all bots, median over the candles; decisions stored: ${outcomes}`,
    }),
  ]
}

/**
 * Lets Postgres note, beside what the programs do: the clock when a candle's row is written, and a row for each checkpoint,
 * whose commit it remembers (`track_commit_timestamp`). That costs ours a little, and the bare side nothing.
 */
export async function watchDecisions({ sql }: Database): Promise<void> {
  await sql.unsafe(`
    alter table candles add column bench_written_at timestamptz;
    alter table candles alter column bench_written_at set default clock_timestamp();
    create unlogged table bench_decided (tenant_id uuid not null, candle_time timestamptz not null);
    create function bench_note() returns trigger language plpgsql as $$
    begin
      insert into bench_decided values (new.tenant_id, new.candle_time);
      return null;
    end $$;
    create trigger bench_note after insert or update on strategy_checkpoints for each row execute function bench_note();`)
}

type Sql = Database['sql']

const writtenAt = (sql: Sql) => sql`
  select extract(epoch from time)::float8 * 1000 as time, extract(epoch from bench_written_at)::float8 * 1000 as "writtenAt"
  from candles where source = 'replay' and symbol = ${symbol} and timeframe = 'M1' order by candles.time desc limit 1`

/** Waits until so many candles were decided by all. Answers the open time of the last of them, epoch ms. */
async function warmUp(sql: Sql, tenantIds: readonly string[], count: number): Promise<number> {
  await sql`truncate bench_decided`
  const found = await until(
    `${count} candles decided by ${tenantIds.length} bots`,
    async () => {
      const rows = await sql<{ time: number }[]>`
        select extract(epoch from candle_time)::float8 * 1000 as time from bench_decided
        group by candle_time having count(*) = ${tenantIds.length} order by 1 desc`
      return rows.length >= count ? rows : undefined
    },
    { timeoutMs: 60_000 + 3 * count * everyMs, everyMs: 200 },
  )
  return found[0]?.time ?? 0
}

async function msToNextCandle(sql: Sql): Promise<number> {
  const [last] = await writtenAt(sql)
  return Math.max(0, Number(last?.writtenAt) + everyMs - Date.now())
}

/** The first `count` candles after that one; for each the ms from its row until the commit of each bot's decision. */
async function decidedSince(sql: Sql, since: number, count: number): Promise<{ readonly tookMs: readonly number[] }[]> {
  return await sql<{ tookMs: number[] }[]>`
    select json_agg(extract(epoch from pg_xact_commit_timestamp(d.xmin) - c.bench_written_at)::float8 * 1000) as "tookMs"
    from bench_decided d
    join candles c on c.source = 'replay' and c.symbol = ${symbol} and c.timeframe = 'M1' and c.time = d.candle_time
    where d.candle_time > to_timestamp(${since / 1000})
    group by d.candle_time order by d.candle_time limit ${count}`
}

async function outcomesOf(sql: Database['sql'], tenantIds: readonly string[]): Promise<string> {
  const rows = await sql<{ outcome: string; n: number }[]>`
    select outcome, sum(candles)::int as n from decisions where tenant_id in ${sql([...tenantIds])} group by 1 order by 2 desc`
  return rows.map(({ outcome, n }) => `${n} ${outcome}`).join(', ')
}
