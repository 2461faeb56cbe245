import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { configQuery, symbolsQuery } from '../../api/queries.js'
import type { SymbolInfo, Timeframe } from '../../api/types.js'
import { useApp } from '../../app.js'
import { useIsLive } from '../../live/use-topic.js'
import { Badge } from '../../parts/badge.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { PickField } from '../../parts/pick-field.js'
import { Time } from '../../parts/time.js'
import { symbolOptions } from '../symbol-options.js'
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
  const symbol = (symbols.find((one) => one.symbol === wanted) ?? symbols[0])?.symbol ?? ''
  const ofSymbol = newestFirst(symbols.filter((one) => one.symbol === symbol))
  const info = ofSymbol.find(({ source }) => source === search.source) ?? ofSymbol[0]
  const timeframe = timeframes.find((known) => known === (search.timeframe ?? traded?.timeframe)) ?? 'M5'
  const pick = (change: { symbol?: string; timeframe?: string; source?: string }) =>
    void navigate({ search: { ...search, symbol, timeframe, ...change }, replace: true })
  return (
    <>
      <Section title={`${symbol}, ${timeframe}`} actions={<LiveBadge />}>
        <div className="picker">
          <PickField
            name="symbol"
            label="Symbol"
            value={symbol}
            options={symbolOptions(symbols)}
            onPick={(picked) => pick({ symbol: picked })}
          />
          {ofSymbol.length > 1 && (
            <PickField
              name="source"
              label="Source"
              value={info?.source ?? ''}
              options={ofSymbol.map((one) => ({
                value: one.source,
                label: one.synthetic ? `${one.source} (made up)` : one.source,
              }))}
              onPick={(source) => pick({ source })}
            />
          )}
          <PickField
            name="timeframe"
            label="Timeframe"
            value={timeframe}
            options={timeframes.map((value) => ({ value, label: value }))}
            onPick={(picked) => pick({ timeframe: picked })}
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

/** Of several sources, the one that is still told about. */
function newestFirst(symbols: readonly SymbolInfo[]): readonly SymbolInfo[] {
  return symbols.toSorted((a, b) => (b.lastCandleAt ?? '').localeCompare(a.lastCandleAt ?? ''))
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
