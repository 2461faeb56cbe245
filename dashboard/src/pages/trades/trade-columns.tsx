import { Link } from '@tanstack/react-router'
import type { Trade, TradeStatus } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { DirectionBadge } from '../../parts/direction-badge.js'
import { decimal, money, words } from '../../parts/format.js'
import { ProfitText } from '../../parts/profit-text.js'
import type { Column } from '../../parts/table.js'
import { Time } from '../../parts/time.js'
import type { Tone } from '../../parts/tone.js'
import { type Names, strategyName } from '../history/use-strategy-names.js'

const tones: Readonly<Record<TradeStatus, Tone | 'none'>> = {
  pending: 'info',
  open: 'info',
  win: 'good',
  loss: 'bad',
  tie: 'none',
  refused: 'warning',
  unknown: 'warning',
  cancelled: 'none',
}

export function statusTone(status: TradeStatus): Tone | 'none' {
  return tones[status]
}

const opened: Column<Trade> = {
  head: 'Opened',
  cell: ({ openedAt, signalTime }) => <Time at={openedAt ?? signalTime} />,
}
const direction: Column<Trade> = {
  head: 'Direction',
  cell: (trade) => <DirectionBadge direction={trade.direction} />,
}
const level: Column<Trade> = { head: 'Level', align: 'end', cell: (trade) => trade.level }
const stake: Column<Trade> = { head: 'Stake', align: 'end', cell: (trade) => money(trade.stake, trade.currency) }
const entry: Column<Trade> = {
  head: 'Entry',
  align: 'end',
  cell: ({ entryPrice }) => (entryPrice === null ? '–' : decimal(entryPrice)),
}

function what(names: Names): Column<Trade> {
  return {
    head: 'Trade',
    cell: ({ symbol, strategyId, account }) => (
      <span>
        {symbol}{' '}
        <span className="muted">
          {strategyName(names, strategyId)}
          {account === 'paper' ? ', paper' : ''}
        </span>
      </span>
    ),
  }
}

export function positionColumns(names: Names): readonly Column<Trade>[] {
  const expires: Column<Trade> = { head: 'Expires', cell: ({ expiresAt }) => <Time at={expiresAt} /> }
  return [opened, what(names), direction, level, stake, entry, expires]
}

export function tradeColumns(names: Names): readonly Column<Trade>[] {
  return [
    opened,
    what(names),
    direction,
    level,
    stake,
    entry,
    { head: 'Exit', align: 'end', cell: ({ exitPrice }) => (exitPrice === null ? '–' : decimal(exitPrice)) },
    {
      head: 'Status',
      cell: ({ status, reason }) => (
        <span>
          <Badge tone={statusTone(status)}>{words(status)}</Badge>
          {(status === 'refused' || status === 'unknown' || status === 'cancelled') && reason && (
            <span className="muted"> {reason}</span>
          )}
        </span>
      ),
    },
    { head: 'Profit', align: 'end', cell: Profit },
    {
      head: 'Details',
      cell: ({ id, signalTime, symbol }) => (
        <Link to="/trades" search={{ trade: id, at: signalTime }} aria-label={`Details of this trade of ${symbol}`}>
          Details
        </Link>
      ),
    },
  ]
}

export function Profit({ profit, currency }: Trade) {
  if (profit === null) return <span>–</span>
  return <ProfitText amount={profit} currency={currency} />
}
