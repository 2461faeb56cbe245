import type { Candle, Signal, Timeframe } from '../../api/types.js'

export const timeframes: readonly Timeframe[] = ['M1', 'M5', 'M15', 'M30', 'H1', 'H4', 'D1']

/** A bar as the chart draws it: seconds, floats (for drawing only). */
export interface Bar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

/** A candle of the API or the stream; undefined for anything else. */
export function barOf(data: unknown): Bar | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { time, open, high, low, close } = data as Partial<Candle>
  const bar = {
    time: Number(time) / 1000,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  }
  return Object.values(bar).every(Number.isFinite) ? bar : undefined
}

/** Oldest first, one per time: the order and the uniqueness the chart insists on. */
export function barsOf(candles: readonly unknown[]): readonly Bar[] {
  const byTime = new Map<number, Bar>()
  for (const candle of candles) {
    const bar = barOf(candle)
    if (bar) byTime.set(bar.time, bar)
  }
  return [...byTime.values()].sort((a, b) => a.time - b.time)
}

export function isSignal(data: unknown): data is Signal {
  if (typeof data !== 'object' || data === null) return false
  const { time, symbol, timeframe, direction } = data as Partial<Signal>
  return (
    [time, symbol, timeframe].every((text) => typeof text === 'string') && (direction === 'call' || direction === 'put')
  )
}

/** The newest of both, once each, newest first. */
export function mergeSignals(stored: readonly Signal[], live: readonly Signal[]): readonly Signal[] {
  const byId = new Map([...stored, ...live].map((signal) => [signal.id, signal]))
  return [...byId.values()].sort((a, b) => b.time.localeCompare(a.time)).slice(0, 200)
}
