import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { MetricChart } from '../../charts/metric-chart.js'
import { useThrottled } from '../../live/use-throttled.js'
import { useTopic } from '../../live/use-topic.js'
import { Button } from '../../parts/button.js'
import { Page, Section } from '../../parts/page.js'
import { useStrategyNames } from '../history/use-strategy-names.js'
import { ManualTrade } from './manual-trade.js'
import { PerformanceFacts } from './performance-facts.js'
import { Positions } from './positions.js'
import { TradeDetails } from './trade-details.js'
import { TradeList } from './trade-list.js'

const route = getRouteApi('/signed-in/trades')

export function TradesPage() {
  const queries = useQueryClient()
  const { trade, at } = route.useSearch()
  const names = useStrategyNames()
  const [byHand, setByHand] = useState(false)
  const lookAgain = useThrottled(() => {
    for (const key of ['/trades', '/positions', '/performance', '/bot/accounts', '/metrics'])
      void queries.invalidateQueries({ queryKey: [key] })
  }, 1_000)
  useTopic('trades', { onData: lookAgain, onGap: lookAgain })
  return (
    <Page
      title="Trades"
      actions={
        <Button aria-expanded={byHand} onClick={() => setByHand(!byHand)}>
          Trade by hand
        </Button>
      }
    >
      {byHand && (
        <Section title="Trade by hand">
          <ManualTrade />
        </Section>
      )}
      {trade && <TradeDetails id={trade} at={at} names={names} />}
      <Section title="Open positions">
        <Positions names={names} />
      </Section>
      <Section title="Performance">
        <PerformanceFacts />
      </Section>
      <Section title="Equity">
        <MetricChart title="Last 24 hours" match={/equity|balance/} hours={24} />
      </Section>
      <Section title="All trades">
        <TradeList names={names} />
      </Section>
    </Page>
  )
}
