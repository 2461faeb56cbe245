import { checkPrice } from './refusals.js'

/** State of a standard deviation: plain JSON, changed in place by `nextStandardDeviation`. */
export interface StandardDeviation {
  readonly period: number
  /** Inputs seen, counted up to `period`. */
  count: number
  /** The last `period` inputs, of which the oldest, which the next one replaces, is at `at`. */
  readonly values: number[]
  at: number
  /** Sum of all inputs but the oldest, oldest first: the next window's sum without its newest. */
  head: number
  /** Mean of the last `period` inputs; 0 until there is one. */
  mean: number
}

/** A deviation over `period` inputs (an integer of at least 1) that has seen nothing yet. */
export function standardDeviation(period: number): StandardDeviation {
  return { period, count: 0, values: Array.from({ length: period }, () => 0), at: 0, head: 0, mean: 0 }
}

/**
 * Standard deviation of the last `period` inputs as a whole population: √(Σ (x − mean)² / period). The mean is in the state.
 *
 * Divided by `period` as Stock.Indicators, TA-Lib and Tulip do (a sample's deviation would divide by one less). Both sums
 * are summed afresh over each window, oldest first: a running sum would drift from that in its last bits. No seed: undefined
 * until `period` inputs were seen. Of inputs that are all equal it is 0 but for the rounding of their mean.
 *
 * @throws AppError invalid-request unless `x` is a finite number
 * @see https://dotnet.stockindicators.dev/indicators/StdDev/
 */
export function nextStandardDeviation(state: StandardDeviation, x: number): number | undefined {
  checkPrice(x)
  const { period, values } = state
  values[state.at] = x
  const oldest = state.at + 1 === period ? 0 : state.at + 1
  state.at = oldest
  if (state.count < period) {
    state.count += 1
    if (state.count < period) {
      state.head += x
      return undefined
    }
  }
  // One pass sums both the deviations of this window and the head of the next: two chains of additions that do not wait for
  // each other. The head is added up in the order of a fresh sum, so head + newest is that sum to the last bit.
  const mean = (state.head + x) / period
  let squares = (numberAt(values, oldest) - mean) ** 2
  let head = 0
  for (let i = oldest + 1; i < period; i++) {
    const value = numberAt(values, i)
    squares += (value - mean) ** 2
    head += value
  }
  for (let i = 0; i < oldest; i++) {
    const value = numberAt(values, i)
    squares += (value - mean) ** 2
    head += value
  }
  state.head = head
  state.mean = mean
  return Math.sqrt(squares / period)
}

/** `index` is within the values, whose number is constant. */
function numberAt(values: readonly number[], index: number): number {
  return values[index] as number
}
