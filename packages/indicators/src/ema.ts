import { checkPrice } from './refusals.js'

/** State of an exponential moving average: plain JSON, changed in place by `nextEma`. */
export interface Ema {
  readonly period: number
  /** Weight of a new input, 2 / (period + 1). */
  readonly alpha: number
  /** Inputs seen, counted up to `period`. */
  count: number
  /** Sum of the inputs while seeding, the average afterwards. */
  value: number
}

/** An average of `period` inputs (an integer of at least 1) that has seen nothing yet. */
export function ema(period: number): Ema {
  return { period, alpha: 2 / (period + 1), count: 0, value: 0 }
}

/**
 * Exponential moving average: value ← value + α (x − value), with α = 2 / (period + 1).
 *
 * Seeded with the mean of the first `period` inputs (as TA-Lib, Stock.Indicators and Lean do; Tulip and ta4j seed with the
 * first input). Undefined until `period` inputs were seen.
 *
 * @throws AppError invalid-request unless `x` is a finite number
 * @see https://dotnet.stockindicators.dev/indicators/Ema/
 */
export function nextEma(state: Ema, x: number): number | undefined {
  checkPrice(x)
  const { value } = state
  if (state.count >= state.period) {
    const next = value + state.alpha * (x - value)
    state.value = next
    return next
  }
  state.count += 1
  state.value = value + x
  if (state.count < state.period) return undefined
  state.value /= state.period
  return state.value
}

/** Inputs after which the seed weighs less than 1e-12 of the value, so that where the fold began no longer matters. */
export function emaMemory(period: number): number {
  return period + Math.ceil(Math.log(1e-12) / Math.log(Math.max(1 - 2 / (period + 1), 1e-12)))
}
