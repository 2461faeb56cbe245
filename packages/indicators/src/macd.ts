import { type Ema, ema, emaMemory, nextEma } from './ema.js'

/** State of a MACD: plain JSON, changed in place by `nextMacd`. Outputs are 0 until the first of their kind. */
export interface Macd {
  readonly fast: Ema
  readonly slow: Ema
  readonly signalLine: Ema
  /** Fast average less slow average; set once the slow one has its first value. */
  macd: number
  /** Average of `macd`. */
  signal: number
  /** `macd` less `signal`. */
  histogram: number
}

/** A MACD of three periods (integers of at least 1, `fast` below `slow`) that has seen nothing yet. */
export function macd(fast: number, slow: number, signal: number): Macd {
  return { fast: ema(fast), slow: ema(slow), signalLine: ema(signal), macd: 0, signal: 0, histogram: 0 }
}

/**
 * Moving average convergence/divergence: EMA(fast) − EMA(slow), its own EMA(signal), and the difference of the two.
 * Returns the histogram; the other lines are in the state.
 *
 * Each average is seeded with the mean of its first inputs, so MACD 12/26/9 speaks from price 26 and its histogram from
 * price 34 (as TA-Lib and Stock.Indicators; Tulip uses other factors for 12/26). Undefined before that.
 *
 * @throws AppError invalid-request unless `price` is a finite number
 * @see https://dotnet.stockindicators.dev/indicators/Macd/
 */
export function nextMacd(state: Macd, price: number): number | undefined {
  const fast = nextEma(state.fast, price)
  const slow = nextEma(state.slow, price)
  if (fast === undefined || slow === undefined) return undefined
  state.macd = fast - slow
  const signal = nextEma(state.signalLine, state.macd)
  if (signal === undefined) return undefined
  state.signal = signal
  state.histogram = state.macd - signal
  return state.histogram
}

/** Whether the MACD line has a value; its signal and the histogram follow later. */
export function isConverging({ slow }: Macd): boolean {
  return slow.count >= slow.period
}

/** Prices after which the seeds weigh less than about 1e-12, so that where the fold began no longer matters. */
export function macdMemory(slow: number, signal: number): number {
  return emaMemory(slow) + emaMemory(signal)
}
