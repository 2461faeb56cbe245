import type { Bus } from '@sath/bus'
import { bucketStart, type Candle, type SeriesKey } from '@sath/core'
import type { Market } from './market.js'
import { aggregated } from './symbol-series.js'

/** Browsers see closed candles and the one that is still open. */
export function publishCandle(
  bus: Bus,
  { source, symbol, timeframe }: SeriesKey,
  candle: Candle,
  closed: boolean,
): void {
  bus.publish(`candles:${source}:${symbol}:${timeframe}`, { ...candle, closed })
}

/** The open minute, and every longer bar as it would be if it ended now. */
export function publishForming(bus: Bus, market: Market, symbol: string, minute: Candle): void {
  const { source } = market
  publishCandle(bus, { source, symbol, timeframe: 'M1' }, minute, false)
  for (const timeframe of aggregated) {
    const bar = market.forming({ symbol, timeframe })
    const time = bucketStart(minute.time, timeframe)
    const begun = bar?.time === time ? bar : undefined
    publishCandle(bus, { source, symbol, timeframe }, begun ? withMinute(begun, minute) : { ...minute, time }, false)
  }
}

/** The longer bars that are still open after a minute has closed. */
export function publishOpenBars(bus: Bus, market: Market, symbol: string): void {
  const { source } = market
  for (const timeframe of aggregated) {
    const bar = market.forming({ symbol, timeframe })
    if (bar) publishCandle(bus, { source, symbol, timeframe }, bar, false)
  }
}

function withMinute(bar: Candle, minute: Candle): Candle {
  return {
    time: bar.time,
    open: bar.open,
    high: Math.max(bar.high, minute.high),
    low: Math.min(bar.low, minute.low),
    close: minute.close,
    volume: bar.volume + minute.volume,
  }
}
