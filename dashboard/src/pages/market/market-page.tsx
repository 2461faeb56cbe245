import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { configQuery, symbolsQuery } from '../../api/queries.js'
import type { SymbolInfo, Timeframe } from '../../api/types.js'
import { useApp } from '../../app.js'
import { useIsLive } from '../../live/use-topic.js'
import { Badge } from '../../parts/badge.js'
import { SelectField } from '../../parts/field.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Time } from '../../parts/time.js'
import { CandleChart } from './candle-chart.js'
import { timeframes } from './candle-data.js'
import { SignalTable } from './signal-table.js'
import { useCandles, useSignals } from './use-candles.js'

const route = getRouteApi('/signed-in/market')

export function MarketPage() {
  const { client } = useApp()
  const symbols = useQuery(symbolsQuery(client))
  return (
    <Page title="Market">
      <Loaded query={symbols}>
        {(list) =>
          list.length === 0 ? <Empty>No market feed has told its symbols yet.</Empty> : <Market symbols={list} />
        }
      </Loaded>
    </Page>
  )
}

/** Begins with what the bot trades. */
function Market({ symbols }: { symbols: readonly SymbolInfo[] }) {
  const { client } = useApp()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const config = useQuery(configQuery(client))
  const traded = config.data?.config?.strategies[0]
  const wanted = search.symbol ?? traded?.symbols[0]
  const info = symbols.find(({ symbol }) => symbol === wanted) ?? symbols[0]
  const timeframe = timeframes.find((known) => known === (search.timeframe ?? traded?.timeframe)) ?? 'M5'
  const symbol = info?.symbol ?? ''
  const pick = (change: { symbol?: string; timeframe?: string }) =>
    void navigate({ search: { symbol, timeframe, ...change }, replace: true })
  return (
    <>
      <Section title={`${symbol}, ${timeframe}`} actions={<LiveBadge />}>
        <div className="picker">
          <SelectField
            name="symbol"
            label="Symbol"
            value={symbol}
            options={symbols.map((one) => ({
              value: one.symbol,
              label: one.synthetic ? `${one.symbol} (synthetic)` : one.symbol,
            }))}
            onChange={(event) => pick({ symbol: event.target.value })}
          />
          <SelectField
            name="timeframe"
            label="Timeframe"
            value={timeframe}
            options={timeframes.map((value) => ({ value, label: value }))}
            onChange={(event) => pick({ timeframe: event.target.value })}
          />
        </div>
        {info && <Candles info={info} timeframe={timeframe} />}
      </Section>
      <Section title="Signals">
        <SignalTable />
      </Section>
    </>
  )
}

function LiveBadge() {
  const isLive = useIsLive()
  return <Badge tone={isLive ? 'good' : 'none'}>{isLive ? 'Live' : 'Connecting'}</Badge>
}

function Candles({ info, timeframe }: { info: SymbolInfo; timeframe: Timeframe }) {
  const { symbol, source, synthetic, lastCandleAt } = info
  const { query, bars, newest } = useCandles(symbol, timeframe, source)
  const { signals } = useSignals()
  const own = useMemo(
    () => signals.filter((signal) => signal.symbol === symbol && signal.timeframe === timeframe),
    [signals, symbol, timeframe],
  )
  return (
    <Loaded query={query}>
      {() =>
        bars.length === 0 && !newest ? (
          <Empty>
            No candles of {symbol} in {timeframe} yet. They come once a bot runs on it.
          </Empty>
        ) : (
          <>
            <CandleChart bars={bars} newest={newest} signals={own} label={`Candles of ${symbol}, ${timeframe}`} />
            <p className="legend">
              <span>
                Source: {source}
                {synthetic && ' (made up)'}
              </span>
              <span>Arrows: signals of your strategies</span>
              <span>
                Last candle stored: <Time at={lastCandleAt} />
              </span>
            </p>
          </>
        )
      }
    </Loaded>
  )
}
