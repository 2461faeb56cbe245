import type { GatewayMessage } from '@sath/contracts'
import { type Candle, type Timeframe, timeframeMs } from '@sath/core'
import type { NeededSeries } from '@sath/engine'

export type CandleMessage = Extract<GatewayMessage, { type: 'candle' }>

/** Where one strategy on one symbol goes on. */
export interface SlotStart {
  readonly timeframe: Timeframe
  /** Open time of its last decided candle; undefined: it starts afresh and needs warming up. */
  readonly resumeAfter: number | undefined
}

export interface PlannedCandle {
  readonly message: CandleMessage
  /** Strategies that must answer it. */
  readonly decidedBy: readonly string[]
}

export interface SeriesHistory {
  readonly series: NeededSeries
  /** Stored candles, oldest first, from the earliest that anybody needs. */
  readonly candles: readonly Candle[]
  /** Open time of the first candle of the warm-up. */
  readonly warmUpFrom: number
}

/** Same slot, same text. */
export function slotName(strategyId: string, symbol: string): string {
  return `${strategyId} ${symbol}`
}

/**
 * What a bot must hear of the stored candles before it follows the market: warm-up for strategies that start afresh, and for
 * the others every candle since their checkpoint, live where the moment to enter has not passed. Pure.
 */
export function planCandles(
  histories: readonly SeriesHistory[],
  startOf: (strategyId: string, symbol: string) => SlotStart | undefined,
  isEntryOpen: (closeTime: number) => boolean,
): PlannedCandle[] {
  const planned = histories.flatMap(({ series, candles, warmUpFrom }) => {
    const { source, symbol, timeframe, decidedBy, confirms } = series
    const key = { source, symbol, timeframe }
    return candles.flatMap((candle) => {
      const close = candle.time + timeframeMs(timeframe)
      const groups: Record<CandleMessage['mode'], string[]> = { 'warm-up': [], stale: [], live: [] }
      for (const id of decidedBy) {
        const start = startOf(id, symbol)
        if (!start) continue
        const { resumeAfter } = start
        if (resumeAfter === undefined ? candle.time < warmUpFrom : candle.time <= resumeAfter) continue
        if (isEntryOpen(close)) groups.live.push(id)
        else groups[resumeAfter === undefined ? 'warm-up' : 'stale'].push(id)
      }
      for (const id of confirms) {
        const start = startOf(id, symbol)
        if (!start) continue
        // Hearing one twice is harmless; what closed with the last decided candle was folded before it.
        const known = start.resumeAfter !== undefined && close < start.resumeAfter + timeframeMs(start.timeframe)
        if (!known && (start.resumeAfter !== undefined || candle.time >= warmUpFrom)) groups['warm-up'].push(id)
      }
      return (['warm-up', 'stale', 'live'] as const)
        .filter((mode) => groups[mode].length > 0)
        .map((mode): PlannedCandle => {
          const strategyIds = groups[mode]
          return {
            message: { type: 'candle', key, candle, mode, strategyIds },
            decidedBy: mode === 'warm-up' ? [] : strategyIds,
          }
        })
    })
  })
  return planned.sort((a, b) => inMarketOrder(a.message, b.message))
}

/** By close; of those that close together, longer timeframes first. */
export function inMarketOrder(
  a: { readonly key: { readonly timeframe: Timeframe; readonly symbol: string }; readonly candle: Candle },
  b: typeof a,
): number {
  const [aMs, bMs] = [timeframeMs(a.key.timeframe), timeframeMs(b.key.timeframe)]
  return a.candle.time + aMs - (b.candle.time + bMs) || bMs - aMs || (a.key.symbol < b.key.symbol ? -1 : 1)
}
