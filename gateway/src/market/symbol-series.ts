import { bucketStart, type Candle, type Timeframe, timeframes } from '@sath/core'
import { candlesBefore, candlesBetween, type Db, type StoredCandle } from '@sath/db'
import { type Aggregator, createAggregator } from '@sath/feeds'

export const aggregated = timeframes.filter((each): each is Exclude<Timeframe, 'M1'> => each !== 'M1')

/** One symbol's minutes as they come, and the longer bars made of them. */
export interface SymbolSeries {
  /** The newest M1 candle. */
  readonly last: Candle | undefined
  /** Takes in a minute; returns it with every whole bar it closed. Nothing for a minute that is not newer. */
  push(candle: Candle): readonly StoredCandle[]
  /** The bar that is still open. */
  forming(timeframe: Exclude<Timeframe, 'M1'>): Candle | undefined
}

/** Goes on where the stored minutes end, so that bars are whole across a restart. */
export async function openSymbolSeries(db: Db, source: string, symbol: string, now: number): Promise<SymbolSeries> {
  const key = { source, symbol, timeframe: 'M1' } as const
  const [newest] = await candlesBefore(db, key, now, 1)
  const dayStart = bucketStart(newest?.time ?? now, 'D1')
  const [before] = await candlesBefore(db, key, dayStart, 1)
  const stored = newest ? await candlesBetween(db, key, dayStart, newest.time + 1) : []
  const aggregator: Aggregator = createAggregator({
    timeframes: aggregated,
    ...(before ? { completeFrom: dayStart } : {}),
  })
  for (const candle of stored) aggregator.push(candle)
  let last = newest
  return {
    get last() {
      return last
    },
    push(candle) {
      if (last && candle.time <= last.time) return []
      last = candle
      const bars = aggregator.push(candle).filter(({ partial }) => !partial)
      return [
        { symbol, timeframe: 'M1', candle },
        ...bars.map((bar) => ({ symbol, timeframe: bar.timeframe, candle: bar.candle })),
      ]
    },
    forming: (timeframe) => aggregator.forming(timeframe),
  }
}
