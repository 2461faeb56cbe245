import { type Adx, adx, adxMemory, nextAdx } from '@sath/indicators'
import { crossing, shareBeyond } from './crossing.js'
import { noSignal, type Strategy } from './strategy.js'

type AdxTrendParams = { readonly period: number; readonly threshold: number }

interface State {
  readonly adx: Adx
  /** 1 once the ADX has a value. */
  ready: 0 | 1
}

export const adxTrend: Strategy<AdxTrendParams, State> = {
  id: 'adx-trend',
  name: 'ADX trend',
  summary: 'CALL when +DI crosses over −DI in a trending market, PUT when it crosses under.',
  source: 'J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; https://stratcraft.ai/adx-directional',
  params: {
    period: {
      type: 'integer',
      min: 2,
      max: 100,
      default: 14,
      title: 'Period',
      description: 'Candles in the directional indicators',
    },
    threshold: {
      type: 'number',
      min: 0,
      max: 100,
      default: 25,
      title: 'Least ADX',
      description: 'The market counts as trending when the ADX is at least this',
    },
  },
  warmUp: ({ period }) => 2 * period,
  memory: ({ period }) => adxMemory(period) + 1,
  init: ({ period }) => ({ adx: adx(period), ready: 0 }),

  step(state, { high, low, close }, { threshold }) {
    const before = state.adx.plus - state.adx.minus
    const strength = nextAdx(state.adx, high, low, close)
    if (strength === undefined) return noSignal
    state.ready = 1
    const after = state.adx.plus - state.adx.minus
    const direction = strength >= threshold ? crossing(before, after) : undefined
    if (!direction) return noSignal
    const reason = `+DI crossed ${direction === 'call' ? 'over' : 'under'} −DI in a trend`
    return { direction, confidence: shareBeyond(before, after), reason }
  },

  indicators: ({ adx, ready }): Record<string, number> =>
    ready === 0 ? {} : { plusDi: adx.plus, minusDi: adx.minus, adx: adx.adx },
}
