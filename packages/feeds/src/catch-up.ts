import type { Candle } from '@sath/core'
import type { Gap, MinuteBatch, SymbolCandle } from './feed.js'

const minuteMs = 60_000

/** Candles of several symbols as one market clock: a batch for each minute, oldest first, symbols in order. */
export function mergeByMinute(series: ReadonlyMap<string, readonly Candle[]>): MinuteBatch[] {
  const minutes = new Map<number, SymbolCandle[]>()
  for (const symbol of [...series.keys()].sort()) {
    for (const candle of series.get(symbol) ?? []) {
      const minute = minutes.get(candle.time)
      if (minute) minute.push({ symbol, candle })
      else minutes.set(candle.time, [{ symbol, candle }])
    }
  }
  return [...minutes].sort(([a], [b]) => a - b).map(([time, candles]) => ({ time, candles }))
}

/** The minutes from `fromMs` up to `toMs` that `candles` (oldest first) does not have, neighbours joined. */
export function missingMinutes(symbol: string, candles: readonly Candle[], fromMs: number, toMs: number): Gap[] {
  const gaps: Gap[] = []
  let expected = fromMs
  for (const { time } of candles) {
    if (time > expected) gaps.push({ symbol, fromMs: expected, toMs: time })
    expected = time + minuteMs
  }
  if (expected < toMs) gaps.push({ symbol, fromMs: expected, toMs })
  return gaps
}
