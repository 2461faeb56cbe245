import { bucketStart, type Candle, timeframeMs } from '@sath/core'
import { candlesBetween, currentConfig, type Db, ensureDays, type StoredCandle, storeCandles } from '@sath/db'
import { createAggregator, type Feed } from '@sath/feeds'
import type { Logger } from 'pino'
import { ourSeries } from '../sessions/session.js'
import { aggregated } from './symbol-series.js'

const dayMs = 86_400_000
const minuteMs = 60_000
/** Furthest a bot's warm-up looks back. */
const longestMs = 14 * dayMs

/**
 * Stores what a wall feed had before we followed it, for warm-up: minutes from `fromMs` up to `untilMs`, and the bars they
 * make. A recording is not asked: what it has not sent yet is the future. True: there is more stored than before.
 */
async function backfill(
  deps: { readonly db: Db; readonly feed: Feed },
  symbol: string,
  fromMs: number,
  untilMs: number,
): Promise<boolean> {
  const { db, feed } = deps
  const from = bucketStart(Math.max(fromMs, untilMs - longestMs), 'D1')
  const key = { source: feed.source, symbol, timeframe: 'M1' } as const
  const stored = await candlesBetween(db, key, from, untilMs)
  if (stored.length * minuteMs >= 0.98 * (untilMs - from)) return false
  const found = await feed.history(symbol, from, untilMs)
  const have = new Set(stored.map(({ time }) => time))
  const fresh = found.filter(({ time }) => !have.has(time))
  if (fresh.length === 0) return false
  const all = [...stored, ...fresh].sort((a, b) => a.time - b.time)
  const rows: StoredCandle[] = [
    ...fresh.map((candle): StoredCandle => ({ symbol, timeframe: 'M1', candle })),
    ...barsOf(symbol, all, from),
  ]
  await ensureDays(db, 'candles', new Set(rows.map(({ candle }) => candle.time)))
  await storeCandles(db, feed.source, rows)
  return true
}

/** Whole bars only: the first may have begun before the feed's own beginning. */
function barsOf(symbol: string, minutes: readonly Candle[], from: number): StoredCandle[] {
  const first = minutes[0]?.time ?? from
  const aggregator = createAggregator({ timeframes: aggregated, completeFrom: first - from < minuteMs ? from : first })
  return minutes.flatMap((candle) =>
    aggregator
      .push(candle)
      .filter(({ partial }) => !partial)
      .map(({ timeframe, candle: bar }) => ({ symbol, timeframe, candle: bar })),
  )
}

/**
 * Makes sure that a bot finds the warm-up its configuration needs, as far as the feed has it. Returns the symbols of which
 * more is stored than before.
 */
export async function warmHistory(
  deps: { readonly db: Db; readonly feed: Feed; readonly log: Logger },
  tenantId: string,
  untilOf: (symbol: string) => number,
): Promise<string[]> {
  const { db, feed, log } = deps
  const config = await currentConfig(db, tenantId)
  const reach = new Map<string, number>()
  for (const { symbol, timeframe, warmUp } of config ? ourSeries(config.config, feed.source) : []) {
    // Markets that close at night and over weekends have fewer bars than hours.
    reach.set(symbol, Math.max(reach.get(symbol) ?? 0, 1.5 * warmUp * timeframeMs(timeframe)))
  }
  const changed: string[] = []
  for (const [symbol, ms] of reach) {
    const until = untilOf(symbol)
    try {
      if (await backfill(deps, symbol, until - ms, until)) changed.push(symbol)
    } catch (error) {
      log.warn({ symbol, err: error }, 'no history for the warm-up; strategies warm up on live candles')
    }
  }
  return changed
}
