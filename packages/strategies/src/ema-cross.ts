import { type Ema, ema, emaMemory, nextEma } from '@sath/indicators'
import { crossing, shareBeyond } from './crossing.js'
import { noSignal, type Strategy } from './strategy.js'

type EmaCrossParams = { readonly fast: number; readonly slow: number }

interface State {
  readonly fast: Ema
  readonly slow: Ema
  /** Fast less slow average, as of the last candle; 0 until both have values. */
  gap: number
  /** Candles for which both averages had values, counted up to 2: a crossing needs the one before. */
  ready: number
}

export const emaCross: Strategy<EmaCrossParams, State> = {
  id: 'ema-cross',
  name: 'EMA cross',
  summary: 'CALL when the fast average crosses over the slow one, PUT when it crosses under.',
  source: 'https://strategy-tester.com/?p=959',
  params: {
    fast: {
      type: 'integer',
      min: 1,
      max: 200,
      default: 9,
      title: 'Fast period',
      description: 'Candles in the fast average',
    },
    slow: {
      type: 'integer',
      min: 2,
      max: 400,
      default: 21,
      title: 'Slow period',
      description: 'Candles in the slow average',
    },
  },
  check: ({ fast, slow }) => (fast < slow ? [] : [{ path: 'fast', message: 'must be less than the slow period' }]),
  warmUp: ({ slow }) => slow + 1,
  memory: ({ slow }) => emaMemory(slow) + 1,
  init: ({ fast, slow }) => ({ fast: ema(fast), slow: ema(slow), gap: 0, ready: 0 }),

  step(state, { close }) {
    const fast = nextEma(state.fast, close)
    const slow = nextEma(state.slow, close)
    if (fast === undefined || slow === undefined) return noSignal
    const before = state.gap
    state.gap = fast - slow
    state.ready = Math.min(state.ready + 1, 2)
    const direction = state.ready === 2 ? crossing(before, state.gap) : undefined
    if (!direction) return noSignal
    const reason = `EMA ${state.fast.period} crossed ${direction === 'call' ? 'over' : 'under'} EMA ${state.slow.period}`
    return { direction, confidence: shareBeyond(before, state.gap), reason }
  },

  indicators: ({ fast, slow, ready }): Record<string, number> =>
    ready === 0 ? {} : { emaFast: fast.value, emaSlow: slow.value },
}
