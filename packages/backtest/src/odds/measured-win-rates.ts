import { breakEvenWinRate } from './closed-forms.js'
import type { OddsInput } from './odds-input.js'

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

export interface OddsAtMeasuredRate<T> {
  /** Odds at the lower end of the interval, at the rate itself and at the upper end. */
  readonly low: T
  readonly rate: T
  readonly high: T
  /** What the rate must exceed for any stake plan to gain. */
  readonly breakEven: number
  /** What the interval says beside it, for the user. */
  readonly sentence: string
}

/**
 * Odds at a measured win rate and at both ends of its interval. `odds` is simulate or exactOdds with the caller's hooks. Ties
 * keep the share the input gives them; the measured rate is that of the other trades.
 */
export function oddsAtMeasuredRate<T>(
  input: Omit<OddsInput, 'winRate'>,
  measured: MeasuredRate,
  odds: (input: OddsInput) => T,
): OddsAtMeasuredRate<T> {
  const at = (rate: number) => odds({ ...input, winRate: rate * (1 - input.tieRate) })
  const breakEven = breakEvenWinRate(input.payout)
  return {
    low: at(measured.low),
    rate: at(measured.rate),
    high: at(measured.high),
    breakEven,
    sentence: sentence(measured, breakEven),
  }
}

function sentence({ rate, low, high }: MeasuredRate, breakEven: number): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  const measured = `The measured win rate is ${percent(rate)}, with 95 % confidence between ${percent(low)} and ${percent(high)}; break-even is ${percent(breakEven)}.`
  if (low > breakEven) return `${measured} The whole interval is above it: an edge is shown at 95 %.`
  if (high < breakEven) return `${measured} The whole interval is below it: every stake plan loses in the mean.`
  return `${measured} Break-even lies within the interval: no edge is shown.`
}
