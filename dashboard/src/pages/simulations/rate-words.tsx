import type { SimulationRequest, WinRate } from '../../api/reports.js'
import { Badge } from '../../parts/badge.js'
import { intervalText, percent } from '../backtests/report-words.js'

const words: Readonly<Record<WinRate['origin'], string>> = {
  measured: 'Measured',
  given: 'Put in, not measured',
  preset: 'Put in by the preset',
}

/** A win rate never stands without where it is from. */
export function RateBadge({ origin }: { origin: WinRate['origin'] }) {
  return <Badge tone={origin === 'measured' ? 'info' : 'warning'}>{words[origin]}</Badge>
}

export function rateText(rate: WinRate): string {
  return rate.origin === 'measured' ? intervalText(rate) : percent(rate.value, 2)
}

/** Of a simulation that may have no report yet. */
export function RateOf({ rate, asked }: { rate: WinRate | undefined; asked: SimulationRequest['winRate'] }) {
  return (
    <span>
      {rate ? rateText(rate) : asked.value === undefined ? '' : percent(asked.value, 2)}{' '}
      <RateBadge origin={asked.origin} />
    </span>
  )
}
