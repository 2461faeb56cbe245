import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Trade } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { DirectionBadge } from '../../parts/direction-badge.js'
import { Fact, Facts } from '../../parts/facts.js'
import { decimal, money, number, words } from '../../parts/format.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Section } from '../../parts/page.js'
import { Time } from '../../parts/time.js'
import { type Names, strategyName } from '../history/use-strategy-names.js'
import { Profit, statusTone } from './trade-columns.js'
import { useTrade } from './use-trade.js'

/** One trade with everything that is known of it. */
export function TradeDetails({ id, at, names }: { id: string; at: string | undefined; names: Names }) {
  const query = useTrade(id, at)
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another trade is another reason to go there
  useEffect(() => box.current?.focus(), [id])
  return (
    <div ref={box} tabIndex={-1}>
      <Section
        title="One trade"
        actions={
          <Link to="/trades" className="button button-plain">
            Close
          </Link>
        }
      >
        <Loaded query={query}>
          {(trade) =>
            trade ? <Details trade={trade} names={names} /> : <Empty>This trade is not there any more.</Empty>
          }
        </Loaded>
      </Section>
    </div>
  )
}

function Details({ trade, names }: { trade: Trade; names: Names }) {
  const { direction, symbol, status, stake, currency, payout, entryPrice, exitPrice, confidence } = trade
  return (
    <>
      <p>
        <DirectionBadge direction={direction} /> {symbol}, {trade.source}, {strategyName(names, trade.strategyId)}:{' '}
        {trade.reason || 'no reason given'}
      </p>
      <Facts>
        <Fact name="Status">
          <Badge tone={statusTone(status)}>{words(status)}</Badge>
        </Fact>
        <Fact name="Profit">
          <Profit {...trade} />
        </Fact>
        <Fact name="Stake">
          {money(stake, currency)}, level {trade.level}
        </Fact>
        <Fact name="A win pays">{number(Number(payout) * 100)} %</Fact>
        <Fact name="Entry">{entryPrice === null ? '–' : decimal(entryPrice)}</Fact>
        <Fact name="Exit">{exitPrice === null ? '–' : decimal(exitPrice)}</Fact>
        <Fact name="Signal candle">
          <Time at={trade.signalTime} />
        </Fact>
        <Fact name="Opened">
          <Time at={trade.openedAt} />
        </Fact>
        <Fact name="Expires">
          <Time at={trade.expiresAt} />
        </Fact>
        <Fact name="Closed">
          <Time at={trade.closedAt} />
        </Fact>
        {confidence !== null && <Fact name="Confidence">{number(confidence * 100, 0)} %</Fact>}
        {Object.entries(trade.indicators).map(([name, value]) => (
          <Fact key={name} name={name}>
            {number(value, 6)}
          </Fact>
        ))}
      </Facts>
    </>
  )
}
