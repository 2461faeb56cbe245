import { nextStochastic, type Stochastic, stochastic } from '@sath/indicators'
import { crossing, shareBeyond } from './crossing.js'
import { noSignal, type Strategy } from './strategy.js'

type StochasticParams = {
  readonly period: number
  readonly smoothing: number
  readonly signal: number
  readonly oversold: number
  readonly overbought: number
}

interface State {
  readonly oscillator: Stochastic
  /** %D of the last candle; 0 until the first. */
  d: number
  /** Candles for which %D had a value, counted up to 2: a crossing needs the one before. */
  ready: number
}

export const stochasticCross: Strategy<StochasticParams, State> = {
  id: 'stochastic',
  name: 'Stochastic cross',
  summary:
    'CALL when %K crosses over %D out of the oversold zone, PUT when it crosses under %D out of the overbought zone.',
  source: 'George C. Lane; https://alpacacrypto.markets, stochastic_oversold',
  params: {
    period: { type: 'integer', min: 2, max: 200, default: 14, title: 'Period', description: 'Candles in the range' },
    smoothing: {
      type: 'integer',
      min: 1,
      max: 50,
      default: 3,
      title: 'Smoothing of %K',
      description: 'Candles over which raw %K is averaged; 1 is the fast oscillator',
    },
    signal: {
      type: 'integer',
      min: 2,
      max: 50,
      default: 3,
      title: 'Period of %D',
      description: 'Candles over which %K is averaged',
    },
    oversold: {
      type: 'number',
      min: 1,
      max: 50,
      default: 20,
      title: 'Oversold below',
      description: 'A CALL needs %K to come from below this',
    },
    overbought: {
      type: 'number',
      min: 50,
      max: 99,
      default: 80,
      title: 'Overbought above',
      description: 'A PUT needs %K to come from above this',
    },
  },
  check: ({ oversold, overbought }) =>
    oversold < overbought ? [] : [{ path: 'oversold', message: 'must be less than the overbought threshold' }],
  warmUp: ({ period, smoothing, signal }) => period + smoothing + signal - 1,
  memory: ({ period, smoothing, signal }) => period + smoothing + signal - 1,
  init: ({ period, smoothing, signal }) => ({ oscillator: stochastic(period, smoothing, signal), d: 0, ready: 0 }),

  step(state, { high, low, close }, { oversold, overbought }) {
    const { oscillator } = state
    const k = oscillator.k
    const before = k - state.d
    const d = nextStochastic(oscillator, high, low, close)
    if (d === undefined) return noSignal
    state.d = d
    state.ready = Math.min(state.ready + 1, 2)
    if (state.ready < 2) return noSignal
    const after = oscillator.k - d
    const direction = crossing(before, after)
    if (direction === 'call' && k < oversold) {
      return { direction, confidence: shareBeyond(before, after), reason: `%K crossed over %D from below ${oversold}` }
    }
    if (direction === 'put' && k > overbought) {
      return {
        direction,
        confidence: shareBeyond(before, after),
        reason: `%K crossed under %D from above ${overbought}`,
      }
    }
    return noSignal
  },

  indicators: ({ oscillator, d, ready }): Record<string, number> =>
    ready === 0 ? {} : { stochasticK: oscillator.k, stochasticD: d },
}
