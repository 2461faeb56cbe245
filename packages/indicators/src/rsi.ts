import { checkPrice } from './refusals.js'
import { wilderMemory } from './wilder.js'

/** State of a relative strength index: plain JSON, changed in place by `nextRsi`. */
export interface Rsi {
  readonly period: number
  /** Changes seen, counted up to `period`; -1 before the first price. */
  count: number
  lastPrice: number
  /** Sums of the changes while seeding, Wilder's averages afterwards. */
  gain: number
  loss: number
}

/** An index over `period` changes (an integer of at least 1) that has seen nothing yet. */
export function rsi(period: number): Rsi {
  return { period, count: -1, lastPrice: 0, gain: 0, loss: 0 }
}

/**
 * Relative strength index, 0…100: 100 − 100 / (1 + average gain / average loss).
 *
 * Wilder's smoothing, average ← (average (period − 1) + x) / period, seeded with the mean of the first `period` changes
 * (as TA-Lib, Stock.Indicators and Lean do; ta4j seeds with 0). Undefined until `period` changes, that is `period` + 1
 * prices, were seen. Without losses 100; without any movement, which the formula leaves open, 50.
 *
 * @throws AppError invalid-request unless `price` is a finite number
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems, 1978
 * @see https://dotnet.stockindicators.dev/indicators/Rsi/
 */
export function nextRsi(state: Rsi, price: number): number | undefined {
  checkPrice(price)
  const change = price - state.lastPrice
  state.lastPrice = price
  if (state.count < 0) {
    state.count = 0
    return undefined
  }
  // max(change, 0) and max(−change, 0), exactly, without a branch, which on a random walk is guessed wrong every other time.
  const size = Math.abs(change)
  const gain = (size + change) / 2
  const loss = (size - change) / 2
  const { period } = state
  if (state.count >= period) {
    state.gain = (state.gain * (period - 1) + gain) / period
    state.loss = (state.loss * (period - 1) + loss) / period
    return strength(state)
  }
  state.count += 1
  state.gain += gain
  state.loss += loss
  if (state.count < period) return undefined
  state.gain /= period
  state.loss /= period
  return strength(state)
}

function strength({ gain, loss }: Rsi): number {
  if (loss > 0) return 100 - 100 / (1 + gain / loss)
  return gain > 0 ? 100 : 50
}

/** Prices after which the seed weighs less than 1e-12 of the averages, so that where the fold began no longer matters. */
export function rsiMemory(period: number): number {
  return 1 + wilderMemory(period)
}
