/** Prices of candles, oldest first, each in the plain array that the libraries ask for. */
export interface Prices {
  readonly highs: number[]
  readonly lows: number[]
  readonly closes: number[]
}

export const disciplines = ['RSI-14', 'EMA-20', 'MACD 12/26/9', 'Bollinger 20/2', 'ATR-14'] as const
export type Discipline = (typeof disciplines)[number]

/**
 * Runs one indicator over all candles, from nothing, and reads every number it gives. Returns the sum of what it read, for
 * MACD and the bands of every line, so that nothing can be optimised away and contenders can be compared.
 */
export type Run = (prices: Prices) => number

/** What one process says of one contender. */
export interface Score {
  /** Candles in a second of processor time, in millions, in the best run. */
  readonly millionsPerSecond: number
  /** Of all that was read, per candle: tells whether everybody computed the same. */
  readonly mean: number
}

export type Contender = Readonly<Record<Discipline, Run>>

/** The numbers of one line, read one by one. */
export function total(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** The same random walk for everybody, with wicks. */
export function pricesOf(count: number): Prices {
  const highs: number[] = []
  const lows: number[] = []
  const closes: number[] = []
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 4_294_967_296
  }
  let close = 1_000.5
  for (let i = 0; i < count; i++) {
    const open = close
    close += (random() - 0.5) * 2 + (1_000 - close) / 5_000
    highs.push(Math.max(open, close) + random())
    lows.push(Math.min(open, close) - random())
    closes.push(close)
  }
  return { highs, lows, closes }
}
