import { nextRsi, type Rsi, rsi, rsiMemory } from '@sath/indicators'
import { shareBeyond } from './crossing.js'
import { noSignal, type Strategy } from './strategy.js'

type RsiReversalParams = { readonly period: number; readonly oversold: number; readonly overbought: number }

interface State {
  readonly rsi: Rsi
  /** Of the last candle, 0…100; 50 until the first value, from where no return to a threshold is possible. */
  value: number
  /** 1 once `value` is one of the index. */
  ready: 0 | 1
}

export const rsiReversal: Strategy<RsiReversalParams, State> = {
  id: 'rsi-reversal',
  name: 'RSI reversal',
  summary:
    'CALL when the RSI comes back up out of the oversold zone, PUT when it comes back down out of the overbought zone.',
  source: 'J. Welles Wilder, New Concepts in Technical Trading Systems, 1978',
  params: {
    period: { type: 'integer', min: 2, max: 100, default: 14, title: 'Period', description: 'Candles in the index' },
    oversold: {
      type: 'number',
      min: 1,
      max: 50,
      default: 30,
      title: 'Oversold below',
      description: 'A CALL follows when the index was below this and reaches it again',
    },
    overbought: {
      type: 'number',
      min: 50,
      max: 99,
      default: 70,
      title: 'Overbought above',
      description: 'A PUT follows when the index was above this and reaches it again',
    },
  },
  check: ({ oversold, overbought }) =>
    oversold < overbought ? [] : [{ path: 'oversold', message: 'must be less than the overbought threshold' }],
  warmUp: ({ period }) => period + 2,
  memory: ({ period }) => rsiMemory(period) + 1,
  init: ({ period }) => ({ rsi: rsi(period), value: 50, ready: 0 }),

  step(state, { close }, { oversold, overbought }) {
    const value = nextRsi(state.rsi, close)
    if (value === undefined) return noSignal
    const before = state.value
    state.value = value
    state.ready = 1
    if (before < oversold && value >= oversold) return signal('call', before, value, oversold)
    if (before > overbought && value <= overbought) return signal('put', before, value, overbought)
    return noSignal
  },

  indicators: ({ value, ready }): Record<string, number> => (ready === 0 ? {} : { rsi: value }),
}

function signal(direction: 'call' | 'put', before: number, value: number, threshold: number) {
  const reason = `RSI came back ${direction === 'call' ? 'up' : 'down'} to ${threshold}`
  return { direction, confidence: shareBeyond(before - threshold, value - threshold), reason }
}
