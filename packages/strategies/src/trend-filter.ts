import type { Candle, Direction } from '@sath/core'
import { type Ema, ema, emaMemory, nextEma } from '@sath/indicators'

const period = 50

/** State of the trend filter: plain JSON, changed in place by `stepTrend`. */
export interface Trend {
  readonly ema: Ema
  /** Close of the last candle; 0 before the first. */
  close: number
}

/** Candles of the confirming timeframe before the filter can tell a trend. */
export const trendWarmUp = period

/** Candles of the confirming timeframe after which it no longer matters where the filter began. */
export const trendMemory = emaMemory(period)

export function trend(): Trend {
  return { ema: ema(period), close: 0 }
}

/** Folds one closed candle of the confirming timeframe. */
export function stepTrend(state: Trend, { close }: Candle): void {
  nextEma(state.ema, close)
  state.close = close
}

/** Whether the average has a value; until then the filter confirms nothing. */
export function trendIsWarm({ ema }: Trend): boolean {
  return ema.count >= period
}

/** Multi-timeframe filter: a CALL is against the trend when the longer timeframe closed below its EMA 50, a PUT when above. */
export function isAgainstTrend({ ema, close }: Trend, direction: Direction): boolean {
  return direction === 'call' ? close < ema.value : close > ema.value
}
