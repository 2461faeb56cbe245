import type { Estimate } from '../../api/reports.js'
import { intervalText, percent } from './report-words.js'
import { barRange } from './win-rate-range.js'

interface WinRateBarProps {
  readonly rate: Estimate
  /** Win rate that is needed to break even; null: there is none. */
  readonly needed: number | null
  readonly note: string
}

/** A measured win rate with its 95 % interval, drawn beside what is needed. The words say the same. */
export function WinRateBar({ rate, needed, note }: WinRateBarProps) {
  const { from, to } = barRange(rate, needed)
  const at = (share: number) => `${((share - from) / (to - from)) * 100}%`
  const width = `${((rate.high - rate.low) / (to - from)) * 100}%`
  return (
    <figure className="figure rate" data-testid="win-rate">
      <figcaption className="legend">
        <span>
          <span className="rate-key rate-key-measured" /> Win rate {intervalText(rate)}
        </span>
        {needed !== null && (
          <span>
            <span className="rate-key rate-key-needed" /> Break-even {percent(needed, 2)}
          </span>
        )}
      </figcaption>
      <div className="rate-bar" aria-hidden="true">
        <div className="rate-interval" style={{ left: at(rate.low), width }} />
        <div className="rate-value" style={{ left: at(rate.value) }} />
        {needed !== null && <div className="rate-needed" style={{ left: at(needed) }} />}
      </div>
      <div className="rate-scale muted" aria-hidden="true">
        <span>{percent(from, 0)}</span>
        <span>{percent(to, 0)}</span>
      </div>
      <p className="muted">{note}. The interval holds the true rate in 95 of 100 such tests.</p>
    </figure>
  )
}
