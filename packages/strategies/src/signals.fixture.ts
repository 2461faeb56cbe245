import { bucketStart, type Candle, type Timeframe } from '@sath/core'
import { type Params, type Signal, type Strategy, withDefaults } from './index.js'

/** What a strategy says about every candle, with its defaults but for `given`. */
export function signalsOf(strategy: Strategy, candles: readonly Candle[], given: Params = {}): Signal[] {
  const params = withDefaults(strategy.params, given)
  const state = strategy.init(params)
  return candles.map((candle) => strategy.step(state, candle, params))
}

/** Bars of shorter ones, by their definition: a bucket with at least one candle is a bar. */
export function aggregated(candles: readonly Candle[], timeframe: Timeframe): Candle[] {
  const buckets = new Map<number, Candle>()
  for (const candle of candles) {
    const time = bucketStart(candle.time, timeframe)
    const bar = buckets.get(time) ?? { ...candle, time, volume: 0 }
    const { open, volume } = bar
    const high = Math.max(bar.high, candle.high)
    const low = Math.min(bar.low, candle.low)
    buckets.set(time, { time, open, high, low, close: candle.close, volume: volume + candle.volume })
  }
  return [...buckets.values()]
}
