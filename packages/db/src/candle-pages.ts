import type { Candle } from '@sath/core'
import { sql } from 'drizzle-orm'
import type { Db } from './client.js'

/** A market whose minutes are stored. */
export interface MinuteSeries {
  readonly source: string
  readonly symbol: string
}

export interface StoredMinute extends MinuteSeries {
  readonly candle: Candle
}

/** About so many candles are in memory at once. */
const pageCandles = 10_000
const minuteMs = 60_000

/** First and last open time of what is stored of these series, epoch ms; undefined: nothing. */
export async function minuteSpan(
  db: Db,
  series: readonly MinuteSeries[],
): Promise<{ readonly first: number; readonly last: number } | undefined> {
  const spans = await Promise.all(
    series.map(async ({ source, symbol }) => {
      const [row] = await db.execute<{ first: number | null; last: number | null }>(sql`
        select (extract(epoch from min(time)) * 1000)::float8 as first, (extract(epoch from max(time)) * 1000)::float8 as last
        from candles where source = ${source} and symbol = ${symbol} and timeframe = 'M1'`)
      return row
    }),
  )
  const stored = spans.flatMap((span) =>
    span?.first != null && span.last != null ? [{ first: span.first, last: span.last }] : [],
  )
  if (stored.length === 0) return undefined
  return { first: Math.min(...stored.map(({ first }) => first)), last: Math.max(...stored.map(({ last }) => last)) }
}

/**
 * Stored M1 candles with fromMs <= time < toMs, oldest first, of one minute by symbol; page by page, so that memory does not
 * grow with the window. A page covers a stretch of time: the day partitions outside of it are not touched.
 */
export async function* minutePages(
  db: Db,
  series: readonly MinuteSeries[],
  fromMs: number,
  toMs: number,
): AsyncGenerator<readonly StoredMinute[]> {
  if (series.length === 0) return
  const stretchMs = Math.max(1, Math.floor(pageCandles / series.length)) * minuteMs
  for (let start = fromMs; start < toMs; start += stretchMs) {
    const page = await readPage(db, series, start, Math.min(start + stretchMs, toMs))
    if (page.length > 0) {
      yield page
      continue
    }
    const next = await nextMinute(db, series, start + stretchMs, toMs)
    if (next === undefined) return
    start = next - stretchMs
  }
}

/** One array per column: cheaper than a row per minute. */
type Columns = { readonly [Name in keyof Candle]: readonly number[] }

async function readPage(
  db: Db,
  series: readonly MinuteSeries[],
  fromMs: number,
  toMs: number,
): Promise<StoredMinute[]> {
  const pages = await Promise.all(
    series.map(async (key) => {
      const [row] = await db.execute<{ page: Columns | null }>(sql`
        select json_build_object('time', json_agg((extract(epoch from time) * 1000)::bigint), 'open', json_agg(open),
          'high', json_agg(high), 'low', json_agg(low), 'close', json_agg(close), 'volume', json_agg(volume)) as page
        from (
          select * from candles where source = ${key.source} and symbol = ${key.symbol} and timeframe = 'M1'
            and time >= ${iso(fromMs)}::timestamptz and time < ${iso(toMs)}::timestamptz order by time
        ) ordered`)
      return candlesOf(key, row?.page)
    }),
  )
  const [only, ...others] = pages
  if (only && others.length === 0) return only
  return pages
    .flat()
    .sort((a, b) => a.candle.time - b.candle.time || compare(a.symbol, b.symbol) || compare(a.source, b.source))
}

function candlesOf(key: MinuteSeries, page: Columns | null | undefined): StoredMinute[] {
  if (!page?.time) return []
  const { time, open, high, low, close, volume } = page
  const at = (column: readonly number[], index: number) => column[index] ?? Number.NaN
  return time.map((opened, index) => ({
    ...key,
    candle: {
      time: opened,
      open: at(open, index),
      high: at(high, index),
      low: at(low, index),
      close: at(close, index),
      volume: at(volume, index),
    },
  }))
}

/** Open time of the first minute at or after `fromMs`: where a gap ends. */
async function nextMinute(
  db: Db,
  series: readonly MinuteSeries[],
  fromMs: number,
  toMs: number,
): Promise<number | undefined> {
  if (fromMs >= toMs) return undefined
  const firsts = await Promise.all(
    series.map(async ({ source, symbol }) => {
      const [row] = await db.execute<{ first: number | null }>(sql`
        select (extract(epoch from min(time)) * 1000)::float8 as first from candles
        where source = ${source} and symbol = ${symbol} and timeframe = 'M1'
          and time >= ${iso(fromMs)}::timestamptz and time < ${iso(toMs)}::timestamptz`)
      return row?.first ?? Number.POSITIVE_INFINITY
    }),
  )
  const first = Math.min(...firsts)
  return first < toMs ? first : undefined
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
