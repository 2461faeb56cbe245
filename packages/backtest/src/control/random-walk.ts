import { type Candle, type Timeframe, timeframeMs } from '@sath/core'
import { sfc32 } from '../odds/random.js'

export interface RandomWalk {
  /** uint32; the same seed and stream give the same candles. */
  readonly seed: number
  /** Different streams of one seed are independent, for several symbols. uint32, default 0. */
  readonly stream?: number
  readonly timeframe: Timeframe
  /**
   * Probability that a candle goes the way of the one before it, 0…1. 0.5, the default, is a market that nothing can predict;
   * anything else plants an edge.
   */
  readonly persistence?: number
}

const steps = 4
/** Of the logarithm of the price, within a candle: ± half of it, evenly. */
const stepSize = 0.001
/** 2025-01-01T00:00Z. */
const epoch = Date.UTC(2025, 0, 1)

/**
 * An endless series of candles from 1, without gaps, each opening where the last one closed. Its steps are even around 0 in
 * the logarithm, so up and down are equally likely.
 */
export function* randomWalk({ seed, stream = 0, timeframe, persistence = 0.5 }: RandomWalk): Generator<Candle> {
  const random = sfc32()
  random.begin(seed, stream)
  const uniform = () => random.next() / 2 ** 32
  const ms = timeframeMs(timeframe)
  let log = 0
  let up = uniform() < 0.5
  for (let time = epoch; ; time += ms) {
    up = uniform() < persistence ? up : !up
    const path = Array.from({ length: steps }, () => (uniform() - 0.5) * stepSize)
    const move = path.reduce((sum, step) => sum + step, 0)
    // A path and its mirror are equally likely, so choosing between them by direction leaves all else as it was.
    const sign = move > 0 === up ? 1 : -1
    let [position, high, low] = [0, 0, 0]
    for (const step of path) {
      position += sign * step
      high = Math.max(high, position)
      low = Math.min(low, position)
    }
    yield {
      time,
      open: Math.exp(log),
      high: Math.exp(log + high),
      low: Math.exp(log + low),
      close: Math.exp(log + position),
      volume: 1,
    }
    log += position
  }
}
