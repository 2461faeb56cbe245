import { AppError, type Candle, type SeriesKey, type Timeframe, timeframeMs } from '@sath/core'
import type { NeededSeries } from '@sath/engine'
import { createAggregator } from '@sath/feeds'
import type { PaperAccount } from './paper-account.js'

/** One candle of one series, on its way to the bot. */
export interface SeriesCandle {
  readonly market: SymbolMarket
  readonly key: SeriesKey
  readonly candle: Candle
}

/** One symbol of one source: its prices as they come, the bars the strategies want of it, and what is traded on it. */
export interface SymbolMarket {
  readonly source: string
  readonly symbol: string
  readonly account: PaperAccount
  /** Length of the candles that come. */
  readonly barMs: number
  /** The newest candle that came, and the one before it. */
  last: Candle | undefined
  previous: Candle | undefined
  /** `last` was not handled yet. */
  hasNews: boolean
  /** Adds to `closed` what the strategies want of a candle, and of the longer bars it closes. */
  bars(candle: Candle, closed: SeriesCandle[]): void
}

/**
 * `input`: the series of the candles that come. Bars of that length are taken as they are, longer ones are made of them.
 *
 * @throws AppError invalid-request when a shorter one is needed
 */
export function symbolMarket(input: SeriesKey, needed: readonly NeededSeries[], account: PaperAccount): SymbolMarket {
  const { source, symbol, timeframe } = input
  const barMs = timeframeMs(timeframe)
  const keys = new Map(needed.map((each): [Timeframe, SeriesKey] => [each.timeframe, keyOf(each)]))
  const shorter = [...keys.keys()].filter((each) => timeframeMs(each) < barMs)
  if (shorter.length > 0) {
    const message = `Candles of ${symbol} (${source}) are ${timeframe}; ${shorter.join(' and ')} cannot be made of them`
    throw new AppError('invalid-request', message)
  }
  const asTheyAre = keys.get(timeframe)
  const longer = [...keys.keys()].filter(isAggregated).filter((each) => timeframeMs(each) > barMs)
  const aggregator = longer.length > 0 ? createAggregator({ input: timeframe, timeframes: longer }) : undefined
  const market: SymbolMarket = {
    source,
    symbol,
    account,
    barMs,
    last: undefined,
    previous: undefined,
    hasNews: false,
    bars(candle, closed) {
      if (asTheyAre) closed.push({ market, key: asTheyAre, candle })
      if (!aggregator) return
      const bars = aggregator.push(candle)
      if (bars.length === 0) return
      for (const bar of bars) {
        const key = keys.get(bar.timeframe)
        if (key && !bar.partial) closed.push({ market, key, candle: bar.candle })
      }
    },
  }
  return market
}

function isAggregated(timeframe: Timeframe): timeframe is Exclude<Timeframe, 'M1'> {
  return timeframe !== 'M1'
}

function keyOf({ source, symbol, timeframe }: NeededSeries): SeriesKey {
  return { source, symbol, timeframe }
}
