import { breakEvenWinRate } from './closed-forms.js'

/** A win rate as a back-test reports it: of the trades that were no ties, with its 95 % Wilson interval. 1 = 100 %. */
export interface MeasuredRate {
  readonly rate: number
  readonly low: number
  readonly high: number
}

export interface MeasuredWinRate extends MeasuredRate {
  readonly strategy: string
  /** Ties among them. */
  readonly trades: number
}

/** Strategy, trades, and in % of those without ties: rate, low, high. */
const measured = [
  ['bollinger-bounce', 2211, 51.17, 49.07, 53.27],
  ['rsi-reversal', 966, 50.42, 47.25, 53.59],
  ['ema-cross', 1644, 49.41, 46.96, 51.85],
  ['price-action', 7988, 49.37, 48.26, 50.48],
  ['stochastic', 3480, 49.1, 47.42, 50.78],
  ['macd-cross', 2910, 48.83, 47.0, 50.68],
  ['adx-trend', 516, 47.72, 43.4, 52.08],
  ['donchian-breakout', 2739, 46.21, 44.33, 48.11],
] as const

/**
 * What the eight strategies won of their trades with default parameters: entry at the next M5 bar, expiry after one bar, on
 * 36,543 bars of EURUSD 2014, 2020 and 2025, ADAUSDT 2025, BTCUSDT 2023 and 2024. The best first.
 */
export const measuredWinRates: readonly MeasuredWinRate[] = measured.map(([strategy, trades, rate, low, high]) => ({
  strategy,
  trades,
  rate: rate / 100,
  low: low / 100,
  high: high / 100,
}))

/** What the interval of a measured win rate says beside break-even, for the user. `low` and `high`: 1 = 100 %. */
export function measuredRateVerdict({ low, high }: Pick<MeasuredRate, 'low' | 'high'>, payout: number): string {
  const breakEven = breakEvenWinRate(payout)
  const beside = `Break-even is ${(breakEven * 100).toFixed(2)} %`
  if (low > breakEven) return `${beside}; the whole interval is above it: an edge is shown at 95 %.`
  if (high < breakEven) return `${beside}; the whole interval is below it: every stake plan loses in the mean.`
  return `${beside} and lies within the interval: no edge is shown.`
}
