import { checkRange } from './refusals.js'
import { trueRange } from './true-range.js'
import { wilderMemory } from './wilder.js'

/** State of a directional movement system: plain JSON, changed in place by `nextAdx`. Outputs are 0 until the first. */
export interface Adx {
  readonly period: number
  /** Movements from candle to candle seen, counted up to 2 `period` − 1; -1 before the first candle. */
  count: number
  lastHigh: number
  lastLow: number
  lastClose: number
  /** Wilder's sums of true ranges and of the movements up and down. */
  range: number
  up: number
  down: number
  /** Directional indicators +DI and −DI, 0…100; set from movement `period` on. */
  plus: number
  minus: number
  /** Directional index, 0…100. */
  dx: number
  /** Sum of the directional indices while seeding, their average, the ADX, afterwards. */
  adx: number
}

/** A system over `period` movements (an integer of at least 1) that has seen nothing yet. */
export function adx(period: number): Adx {
  const lasts = { lastHigh: 0, lastLow: 0, lastClose: 0 }
  return { period, count: -1, ...lasts, range: 0, up: 0, down: 0, plus: 0, minus: 0, dx: 0, adx: 0 }
}

/**
 * Average directional index, 0…100: how directed the movement is, whichever the direction. Returns the ADX; the directional
 * indicators +DI and −DI and the directional index are in the state.
 *
 * Wilder's sums, sum ← sum − sum / period + x, are seeded with the sum of the first `period` movements, so +DI, −DI and DX
 * speak from candle `period` + 1; the ADX, average ← (average (period − 1) + DX) / period, is seeded with the mean of the
 * first `period` DX and speaks from candle 2 `period` (as Stock.Indicators and Wilder's sheet do; ta4j seeds with the first
 * value). Undefined before. What the formulas leave open: without any range +DI and −DI are 0, and where both are 0 so is DX.
 *
 * @throws AppError invalid-request unless the prices are finite numbers, the close within low and high
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems, 1978
 * @see https://dotnet.stockindicators.dev/indicators/Adx/
 */
export function nextAdx(state: Adx, high: number, low: number, close: number): number | undefined {
  checkRange(high, low, close)
  const rise = high - state.lastHigh
  const fall = state.lastLow - low
  const range = trueRange(high, low, state.lastClose)
  state.lastHigh = high
  state.lastLow = low
  state.lastClose = close
  const { period } = state
  if (state.count < 0) {
    state.count = 0
    return undefined
  }
  const up = rise > fall && rise > 0 ? rise : 0
  const down = fall > rise && fall > 0 ? fall : 0
  if (state.count < period) {
    state.range += range
    state.up += up
    state.down += down
  } else {
    state.range = state.range - state.range / period + range
    state.up = state.up - state.up / period + up
    state.down = state.down - state.down / period + down
  }
  const { count } = state
  if (count < 2 * period - 1) state.count = count + 1
  if (state.count < period) return undefined
  direct(state)
  if (count >= 2 * period - 1) {
    state.adx = (state.adx * (period - 1) + state.dx) / period
    return state.adx
  }
  state.adx += state.dx
  if (state.count < 2 * period - 1) return undefined
  state.adx /= period
  return state.adx
}

/** Sets the directional indicators and their index from the sums. */
function direct(state: Adx): void {
  const { range, up, down } = state
  state.plus = range > 0 ? (100 * up) / range : 0
  state.minus = range > 0 ? (100 * down) / range : 0
  const both = state.plus + state.minus
  state.dx = both > 0 ? (100 * Math.abs(state.plus - state.minus)) / both : 0
}

/** Whether +DI, −DI and DX have values. */
export function isDirected({ count, period }: Adx): boolean {
  return count >= period
}

/** Candles after which the seeds weigh less than about 1e-12, so that where the fold began no longer matters. */
export function adxMemory(period: number): number {
  return 1 + 2 * wilderMemory(period)
}
