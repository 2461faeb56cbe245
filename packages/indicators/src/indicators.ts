import type { Candle, FieldError } from '@sath/core'
import { adx, isDirected, nextAdx } from './adx.js'
import { atr, nextAtr } from './atr.js'
import { bollinger, nextBollinger } from './bollinger.js'
import { donchian, nextDonchian } from './donchian.js'
import { ema, nextEma } from './ema.js'
import { isConverging, macd, nextMacd } from './macd.js'
import { nextRsi, rsi } from './rsi.js'
import { nextSma, sma } from './sma.js'
import { nextStandardDeviation, standardDeviation } from './standard-deviation.js'
import { hasK, nextStochastic, stochastic } from './stochastic.js'

/** One number an indicator is set up with. Bounds are inclusive. */
export interface IndicatorParam {
  readonly type: 'integer' | 'number'
  readonly min: number
  readonly max: number
  readonly default: number
  readonly description: string
}

/** What an indicator says about one candle, in the order of its columns; undefined where it has no value yet. */
export type IndicatorRow = readonly (number | undefined)[]

/** An indicator by name: how to ask for it and how to run it. */
export interface Indicator<Name extends string = string> {
  readonly name: string
  readonly params: Readonly<Record<Name, IndicatorParam>>
  /** Faults between parameters that are fine on their own. Paths are parameter names. */
  check?(params: Readonly<Record<Name, number>>): FieldError[]
  /** Named as in the reference tables of Stock.Indicators. */
  readonly columns: readonly string[]
  /** A fold that has seen nothing yet, of candles oldest first. Expects every parameter, checked; see `runIndicator`. */
  start(params: Readonly<Record<Name, number>>): (candle: Candle) => IndicatorRow
}

const simpleAverage: Indicator<'period'> = {
  name: 'Simple moving average',
  params: { period: length(20, 'Candles in the average') },
  columns: ['sma'],
  start({ period }) {
    const state = sma(period)
    return ({ close }) => [nextSma(state, close)]
  },
}

const exponentialAverage: Indicator<'period'> = {
  name: 'Exponential moving average',
  params: { period: length(20, 'Candles in the average') },
  columns: ['ema'],
  start({ period }) {
    const state = ema(period)
    return ({ close }) => [nextEma(state, close)]
  },
}

const relativeStrength: Indicator<'period'> = {
  name: 'Relative strength index',
  params: { period: length(14, 'Changes in the index') },
  columns: ['rsi'],
  start({ period }) {
    const state = rsi(period)
    return ({ close }) => [nextRsi(state, close)]
  },
}

const convergence: Indicator<'fast' | 'slow' | 'signal'> = {
  name: 'Moving average convergence/divergence',
  params: {
    fast: length(12, 'Candles in the fast average'),
    slow: length(26, 'Candles in the slow average'),
    signal: length(9, 'Candles over which the difference is averaged'),
  },
  check: ({ fast, slow }) => (fast < slow ? [] : [{ path: 'fast', message: 'must be less than the slow period' }]),
  columns: ['macd', 'signal', 'histogram'],
  start({ fast, slow, signal }) {
    const state = macd(fast, slow, signal)
    return ({ close }) => {
      const histogram = nextMacd(state, close)
      return [
        isConverging(state) ? state.macd : undefined,
        histogram === undefined ? undefined : state.signal,
        histogram,
      ]
    }
  },
}

const bands: Indicator<'period' | 'deviations'> = {
  name: 'Bollinger bands',
  params: {
    period: length(20, 'Candles in the average'),
    deviations: {
      type: 'number',
      min: 0.1,
      max: 10,
      default: 2,
      description: 'Distance of the bands, in standard deviations',
    },
  },
  columns: ['sma', 'upperBand', 'lowerBand'],
  start({ period, deviations }) {
    const state = bollinger(period, deviations)
    return ({ close }) => {
      const mean = nextBollinger(state, close)
      return mean === undefined ? [undefined, undefined, undefined] : [mean, state.upper, state.lower]
    }
  },
}

const averageRange: Indicator<'period'> = {
  name: 'Average true range',
  params: { period: length(14, 'True ranges in the average') },
  columns: ['atr'],
  start({ period }) {
    const state = atr(period)
    return ({ high, low, close }) => [nextAtr(state, high, low, close)]
  },
}

const directionalMovement: Indicator<'period'> = {
  name: 'Average directional index',
  params: { period: length(14, 'Movements in the sums') },
  columns: ['pdi', 'mdi', 'dx', 'adx'],
  start({ period }) {
    const state = adx(period)
    return ({ high, low, close }) => {
      const value = nextAdx(state, high, low, close)
      return isDirected(state)
        ? [state.plus, state.minus, state.dx, value]
        : [undefined, undefined, undefined, undefined]
    }
  },
}

const oscillator: Indicator<'period' | 'smoothing' | 'signal'> = {
  name: 'Stochastic oscillator',
  params: {
    period: length(14, 'Candles in the range'),
    smoothing: length(3, 'Candles over which raw %K is averaged'),
    signal: length(3, 'Candles over which %K is averaged'),
  },
  columns: ['k', 'd'],
  start({ period, smoothing, signal }) {
    const state = stochastic(period, smoothing, signal)
    return ({ high, low, close }) => {
      const d = nextStochastic(state, high, low, close)
      return [hasK(state) ? state.k : undefined, d]
    }
  },
}

const channel: Indicator<'period'> = {
  name: 'Donchian channel',
  params: { period: length(20, 'Candles in the channel, before the candle itself') },
  columns: ['upperBand', 'centerline', 'lowerBand'],
  start({ period }) {
    const state = donchian(period)
    return ({ high, low }) => {
      const middle = nextDonchian(state, high, low)
      return middle === undefined ? [undefined, undefined, undefined] : [state.upper, middle, state.lower]
    }
  },
}

const deviation: Indicator<'period'> = {
  name: 'Standard deviation',
  params: { period: length(14, 'Candles in the deviation') },
  columns: ['stdDev'],
  start({ period }) {
    const state = standardDeviation(period)
    return ({ close }) => [nextStandardDeviation(state, close)]
  },
}

/** Every indicator, by id. */
export const indicators: Readonly<Record<string, Indicator>> = {
  sma: simpleAverage,
  ema: exponentialAverage,
  rsi: relativeStrength,
  macd: convergence,
  bollinger: bands,
  atr: averageRange,
  adx: directionalMovement,
  stochastic: oscillator,
  donchian: channel,
  stdev: deviation,
}

function length(byDefault: number, description: string): IndicatorParam {
  return { type: 'integer', min: 1, max: 1_000, default: byDefault, description }
}
