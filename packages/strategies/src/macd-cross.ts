import { type Macd, macd, macdMemory, nextMacd } from '@sath/indicators'
import { crossing, shareBeyond } from './crossing.js'
import { noSignal, type Strategy } from './strategy.js'

type MacdCrossParams = { readonly fast: number; readonly slow: number; readonly signal: number }

interface State {
  readonly macd: Macd
  /** Candles for which the histogram had a value, counted up to 2: a crossing needs the one before. */
  ready: number
}

export const macdCross: Strategy<MacdCrossParams, State> = {
  id: 'macd-cross',
  name: 'MACD cross',
  summary: 'CALL when the MACD line crosses over its signal line, PUT when it crosses under.',
  source: 'Gerald Appel; https://traderslog.com/macd-introduction',
  params: {
    fast: {
      type: 'integer',
      min: 1,
      max: 200,
      default: 12,
      title: 'Fast period',
      description: 'Candles in the fast average',
    },
    slow: {
      type: 'integer',
      min: 2,
      max: 400,
      default: 26,
      title: 'Slow period',
      description: 'Candles in the slow average',
    },
    signal: {
      type: 'integer',
      min: 2,
      max: 100,
      default: 9,
      title: 'Signal period',
      description: 'Candles over which the MACD line is averaged',
    },
  },
  check: ({ fast, slow }) => (fast < slow ? [] : [{ path: 'fast', message: 'must be less than the slow period' }]),
  warmUp: ({ slow, signal }) => slow + signal,
  memory: ({ slow, signal }) => macdMemory(slow, signal) + 1,
  init: ({ fast, slow, signal }) => ({ macd: macd(fast, slow, signal), ready: 0 }),

  step(state, { close }) {
    const before = state.macd.histogram
    const histogram = nextMacd(state.macd, close)
    if (histogram === undefined) return noSignal
    state.ready = Math.min(state.ready + 1, 2)
    const direction = state.ready === 2 ? crossing(before, histogram) : undefined
    if (!direction) return noSignal
    const reason = `MACD crossed ${direction === 'call' ? 'over' : 'under'} its signal line`
    return { direction, confidence: shareBeyond(before, histogram), reason }
  },

  indicators: ({ macd, ready }): Record<string, number> =>
    ready === 0 ? {} : { macd: macd.macd, macdSignal: macd.signal, macdHistogram: macd.histogram },
}
