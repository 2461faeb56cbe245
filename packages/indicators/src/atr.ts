import { checkRange } from './refusals.js'
import { trueRange } from './true-range.js'
import { wilderMemory } from './wilder.js'

/** State of an average true range: plain JSON, changed in place by `nextAtr`. */
export interface Atr {
  readonly period: number
  /** True ranges seen, counted up to `period`; -1 before the first candle. */
  count: number
  lastClose: number
  /** Sum of the true ranges while seeding, Wilder's average afterwards. */
  value: number
}

/** A range over `period` candles (an integer of at least 1) that has seen nothing yet. */
export function atr(period: number): Atr {
  return { period, count: -1, lastClose: 0, value: 0 }
}

/**
 * Average true range, in price units: average ← (average (period − 1) + true range) / period.
 *
 * Seeded with the mean of the first `period` true ranges. The first candle has none, since no close is before it, so the
 * first value is that of candle `period` + 1 (as TA-Lib and Stock.Indicators do; Wilder's own sheet, Lean and Tulip take
 * high − low as the range of the first candle and speak one candle earlier). Undefined before. Without any movement 0.
 *
 * @throws AppError invalid-request unless the prices are finite numbers, the close within low and high
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems, 1978
 * @see https://dotnet.stockindicators.dev/indicators/Atr/
 */
export function nextAtr(state: Atr, high: number, low: number, close: number): number | undefined {
  checkRange(high, low, close)
  const range = trueRange(high, low, state.lastClose)
  state.lastClose = close
  const { period } = state
  if (state.count >= period) {
    state.value = (state.value * (period - 1) + range) / period
    return state.value
  }
  state.count += 1
  if (state.count === 0) return undefined
  state.value += range
  if (state.count < period) return undefined
  state.value /= period
  return state.value
}

/** Candles after which the seed weighs less than 1e-12 of the average, so that where the fold began no longer matters. */
export function atrMemory(period: number): number {
  return 1 + wilderMemory(period)
}
