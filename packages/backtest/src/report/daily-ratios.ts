import { addMoment, noMoments } from './estimate.js'

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
  const days = noMoments()
  let day = Number.NaN
  let ofDay = 0
  let downside = 0

  const endDay = (profit: number, into: { moments: typeof days; downside: number }) => {
    addMoment(into.moments, profit)
    into.downside += Math.min(0, profit) ** 2
  }

  function soFar() {
    const into = { moments: { ...days }, downside }
    if (!Number.isNaN(day)) endDay(ofDay, into)
    return into
  }

  return {
    add(time, profit) {
      const now = Math.floor((time - 1) / dayMs)
      if (Number.isNaN(day)) day = now
      for (; day < now; day++) {
        const into = { moments: days, downside }
        endDay(ofDay, into)
        downside = into.downside
        ofDay = 0
      }
      ofDay += profit
    },
    sharpe() {
      const { count, mean, squares } = soFar().moments
      if (count < 2 || squares === 0) return null
      return (mean / Math.sqrt(squares / (count - 1))) * Math.sqrt(daysInYear)
    },
    sortino() {
      const { moments, downside } = soFar()
      if (moments.count < 2 || downside === 0) return null
      return (moments.mean / Math.sqrt(downside / moments.count)) * Math.sqrt(daysInYear)
    },
  }
}
