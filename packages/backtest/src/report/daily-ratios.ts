import { addMoment, type Moments, noMoments } from './moments.js'

const dayMs = 86_400_000
const daysInYear = 365

/**
 * Sharpe and Sortino ratio of a run, as a stream.
 *
 * The return series: profit of the trades that closed on a UTC day over the starting capital, one value for every calendar
 * day from the first to the last, days without a trade or a market being 0. Stakes do not compound, so the capital is the
 * same every day and falls out of both ratios. A close at midnight belongs to the day that ends.
 *
 * Sharpe = mean ÷ sample standard deviation (n − 1) × √365. Sortino = mean ÷ downside deviation × √365, the latter being
 * √(Σ min(0, r)² ÷ n) over all n days. No risk-free rate, no target. Because the days without a market are in the series,
 * √365 is right for a market of five days a week as well.
 *
 * @see W. F. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21 (1994), 49–58
 * @see T. N. Rollinger and S. T. Hoffman, Sortino: A 'Sharper' Ratio, Red Rock Capital (2013)
 */
export interface DailyRatios {
  /** Market time, epoch ms, never going back. `profit`: what closed at it; 0 says only that time has come so far. */
  add(time: number, profit: number): void
  /** null below two days, or where every day was the same. */
  sharpe(): number | null
  /** null below two days, or without a losing day. */
  sortino(): number | null
}

export function createDailyRatios(): DailyRatios {
  const ended = { days: noMoments(), downside: 0 }
  let day: number | undefined
  let ofDay = 0

  /** With the day that has not ended. */
  const soFar = () => (day === undefined ? ended : withDay({ ...ended, days: { ...ended.days } }, ofDay))

  return {
    add(time, profit) {
      const now = Math.floor((time - 1) / dayMs)
      day ??= now
      for (; day < now; day++) {
        withDay(ended, ofDay)
        ofDay = 0
      }
      ofDay += profit
    },
    sharpe() {
      const { count, mean, squares } = soFar().days
      if (count < 2 || squares === 0) return null
      return (mean / Math.sqrt(squares / (count - 1))) * Math.sqrt(daysInYear)
    },
    sortino() {
      const { days, downside } = soFar()
      if (days.count < 2 || downside === 0) return null
      return (days.mean / Math.sqrt(downside / days.count)) * Math.sqrt(daysInYear)
    },
  }
}

function withDay(sums: { readonly days: Moments; downside: number }, profit: number) {
  addMoment(sums.days, profit)
  sums.downside += Math.min(0, profit) ** 2
  return sums
}
