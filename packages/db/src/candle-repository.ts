import { type Candle, type SeriesKey, type Timeframe, timeframeMs } from '@sath/core'
import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { candles } from './schema/index.js'

export interface StoredCandle {
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly candle: Candle
}

/** Stores closed candles of one source; one that is there already stays as it is. Day partitions must exist. */
export async function storeCandles(db: Db, source: string, rows: readonly StoredCandle[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map(({ symbol, timeframe, candle }) => ({ symbol, timeframe, ...candle, time: iso(candle.time) }))
  await db.execute(sql`
    insert into candles (source, symbol, timeframe, time, open, high, low, close, volume)
    select ${source}, c.* from json_to_recordset(${JSON.stringify(values)}::json) as c(
      symbol text, timeframe text, time timestamptz, open float8, high float8, low float8, close float8, volume float8)
    on conflict do nothing`)
}

/** Candles with fromMs <= time < toMs, oldest first. */
export async function candlesBetween(db: Db, key: SeriesKey, fromMs: number, toMs: number): Promise<Candle[]> {
  const rows = await db
    .select()
    .from(candles)
    .where(and(ofSeries(key), gte(candles.time, new Date(fromMs)), lt(candles.time, new Date(toMs))))
    .orderBy(asc(candles.time))
  return rows.map(candleOf)
}

/** The last `count` candles with time < `beforeMs`, oldest first; looks no further back than weekends and gaps explain. */
export async function candlesBefore(db: Db, key: SeriesKey, beforeMs: number, count: number): Promise<Candle[]> {
  const since = beforeMs - 3 * count * timeframeMs(key.timeframe) - 7 * 86_400_000
  const rows = await db
    .select()
    .from(candles)
    .where(and(ofSeries(key), gte(candles.time, new Date(since)), lt(candles.time, new Date(beforeMs))))
    .orderBy(desc(candles.time))
    .limit(count)
  return rows.map(candleOf).reverse()
}

/** M1 candles of a source with time > `afterMs`, of all symbols, oldest first. */
export async function minutesAfter(db: Db, source: string, afterMs: number, limit: number) {
  const rows = await db
    .select()
    .from(candles)
    .where(and(eq(candles.source, source), eq(candles.timeframe, 'M1'), gte(candles.time, new Date(afterMs + 1))))
    .orderBy(asc(candles.time), asc(candles.symbol))
    .limit(limit)
  return rows.map((row) => ({ symbol: row.symbol, candle: candleOf(row) }))
}

/** Open time of the newest stored M1 candle of each symbol of a source, epoch ms. */
export async function lastMinutes(db: Db, source: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db.execute<{ symbol: string; last: string }>(sql`
    select symbol, (extract(epoch from max(time)) * 1000)::bigint as last from candles
    where source = ${source} and timeframe = 'M1' group by symbol`)
  return new Map([...rows].map(({ symbol, last }) => [symbol, Number(last)]))
}

function ofSeries({ source, symbol, timeframe }: SeriesKey) {
  return and(eq(candles.source, source), eq(candles.symbol, symbol), eq(candles.timeframe, timeframe))
}

function candleOf({ time, open, high, low, close, volume }: typeof candles.$inferSelect): Candle {
  return { time: time.getTime(), open, high, low, close, volume }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
