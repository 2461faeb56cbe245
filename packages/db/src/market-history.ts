import { type Timeframe, timeframeMs } from '@sath/core'
import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { afterCursor, type Page, type PageRequest, toPage } from './cursor.js'

/** A stored bar; `time` is its open time in epoch ms. */
export interface CandleBar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** False: minutes of this bar are still to come. */
  readonly closed: boolean
}

export interface CandleQuery {
  readonly source: string
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/**
 * Candles, newest first. Longer bars are made of the stored minutes, so there is one truth whatever was aggregated when; the
 * newest of them may still be forming.
 */
export async function readCandles(db: Db, query: CandleQuery, page: PageRequest): Promise<Page<CandleBar>> {
  const minutes = timeframeMs(query.timeframe) / 60_000
  const width = sql`${minutes} * interval '1 minute'`
  const bucket = sql`date_bin(${width}, time, timestamptz 'epoch')`
  const series = sql`source = ${query.source} and symbol = ${query.symbol} and timeframe = 'M1'`
  const from = query.from
    ? sql`time >= date_bin(${width}, ${query.from.toISOString()}::timestamptz, timestamptz 'epoch')`
    : sql`true`
  const to = query.to ? sql`time <= ${query.to.toISOString()}::timestamptz` : sql`true`
  const after = afterCursor([{ column: bucket, type: 'timestamptz' }], page.cursor) ?? sql`true`
  const rows = await db.execute<{ [Name in keyof CandleBar]: CandleBar[Name] }>(sql`
    select (extract(epoch from bar) * 1000)::float8 as time, open, high, low, close, volume,
      bar + ${width} <= (select max(time) + interval '1 minute' from candles where ${series}) as closed
    from (
      select ${bucket} as bar, (array_agg(open order by time))[1] as open, max(high) as high, min(low) as low,
        (array_agg(close order by time desc))[1] as close, sum(volume) as volume
      from (
        select * from candles where ${series} and ${from} and ${to} and ${after}
        order by time desc limit ${(page.limit + 2) * minutes}
      ) newest
      group by 1 order by 1 desc limit ${page.limit + 1}
    ) bars order by bar desc`)
  return toPage(
    rows,
    page.limit,
    (row) => [row.time],
    (row) => row,
  )
}

/** A symbol that candles are stored of. */
export interface StoredSymbol {
  readonly source: string
  readonly symbol: string
  /** ISO 8601: open time of the newest minute. */
  readonly lastCandleAt: string
}

/** Walks from one series to the next through the index, so its cost follows the number of symbols, not of candles. */
export async function readSymbols(db: Db): Promise<StoredSymbol[]> {
  const rows = await db.execute<{ source: string; symbol: string; at: string }>(sql`
    with recursive series as (
      (select source, symbol from candles where timeframe = 'M1' order by source, symbol limit 1)
      union all
      select next.source, next.symbol from series, lateral (
        select c.source, c.symbol from candles c
        where c.timeframe = 'M1' and (c.source, c.symbol) > (series.source, series.symbol)
        order by c.source, c.symbol limit 1) next
    )
    select source, symbol, (select to_char(max(time) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from candles c
      where c.source = series.source and c.symbol = series.symbol and c.timeframe = 'M1') as at
    from series order by symbol, source`)
  return rows.map(({ source, symbol, at }) => ({ source, symbol, lastCandleAt: at }))
}
