import { Link } from '@tanstack/react-router'
import type { Decision } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { words } from '../../parts/format.js'
import type { Column } from '../../parts/table.js'
import { Time, TimeSpan } from '../../parts/time.js'
import { type Names, strategyName } from '../history/use-strategy-names.js'
import { outcomeTone, reasonText } from './outcome-words.js'

export function decisionColumns(names: Names): readonly Column<Decision>[] {
  return [
    { head: 'Candles', cell: Span },
    {
      head: 'Decided for',
      cell: ({ symbol, strategyId }) => (
        <span>
          {symbol} <span className="muted">{strategyName(names, strategyId)}</span>
        </span>
      ),
    },
    {
      head: 'Outcome',
      cell: ({ outcome }) => <Badge tone={outcomeTone(outcome)}>{words(outcome)}</Badge>,
    },
    { head: 'Why', cell: ({ outcome, reason }) => reasonText(outcome, reason) },
    {
      head: 'Trade',
      cell: ({ tradeId, from, symbol }) =>
        tradeId === null ? (
          <span className="muted">–</span>
        ) : (
          <Link to="/trades" search={{ trade: tradeId, at: from }} aria-label={`Show this trade of ${symbol}`}>
            Show
          </Link>
        ),
    },
  ]
}

function Span({ from, to, candles }: Decision) {
  if (candles === 1) return <Time at={from} />
  return (
    <span>
      <TimeSpan from={from} to={to} /> <span className="muted">({candles})</span>
    </span>
  )
}
