import type { Direction } from '@sath/core'
import { type Bollinger, bollinger, nextBollinger } from '@sath/indicators'
import { shareBeyond } from './crossing.js'
import { noSignal, type Signal, type Strategy } from './strategy.js'

type BollingerBounceParams = {
  readonly period: number
  readonly deviations: number
  readonly variant: 'bounce' | 'touch'
}

interface State {
  readonly bands: Bollinger
  /** How far the last close was above the lower and the upper band of its candle; 0 until the bands have values. */
  aboveLower: number
  aboveUpper: number
  /** 1 once the bands have values. */
  ready: 0 | 1
}

export const bollingerBounce: Strategy<BollingerBounceParams, State> = {
  id: 'bollinger-bounce',
  name: 'Bollinger bounce',
  summary:
    'CALL when the price closes back above the lower band, PUT when it closes back below the upper one; the variant "touch" does not wait for the way back.',
  source: 'John Bollinger; comparic.com, Bollinger Bands M5 binary options (the variant "touch")',
  params: {
    period: { type: 'integer', min: 2, max: 200, default: 20, title: 'Period', description: 'Candles in the bands' },
    deviations: {
      type: 'number',
      min: 0.5,
      max: 5,
      default: 2,
      title: 'Width of the bands',
      description: 'Distance of the bands from the average, in standard deviations',
    },
    variant: {
      type: 'choice',
      choices: ['bounce', 'touch'],
      default: 'bounce',
      title: 'Variant',
      description: 'Enter when the price has come back (bounce), or as soon as it closes outside of the bands (touch)',
    },
  },
  warmUp: ({ period, variant }) => (variant === 'touch' ? period : period + 1),
  memory: ({ period }) => period + 1,
  init: ({ period, deviations }) => ({ bands: bollinger(period, deviations), aboveLower: 0, aboveUpper: 0, ready: 0 }),

  step(state, { close }, { variant }) {
    const { bands, aboveLower, aboveUpper } = state
    if (nextBollinger(bands, close) === undefined) return noSignal
    state.aboveLower = close - bands.lower
    state.aboveUpper = close - bands.upper
    state.ready = 1
    if (variant === 'touch') {
      if (state.aboveLower < 0) return touch('call', -state.aboveLower, bands)
      return state.aboveUpper > 0 ? touch('put', state.aboveUpper, bands) : noSignal
    }
    if (aboveLower < 0 && state.aboveLower > 0) return bounce('call', aboveLower, state.aboveLower)
    if (aboveUpper > 0 && state.aboveUpper < 0) return bounce('put', aboveUpper, state.aboveUpper)
    return noSignal
  },

  indicators: ({ bands, ready }): Record<string, number> =>
    ready === 0 ? {} : { bollingerUpper: bands.upper, bollingerLower: bands.lower },
}

function bounce(direction: Direction, before: number, after: number): Signal {
  const reason = direction === 'call' ? 'Closed back above the lower band' : 'Closed back below the upper band'
  return { direction, confidence: shareBeyond(before, after), reason }
}

/** Confidence is the share of the way from the far band to the close that lies outside of the bands. */
function touch(direction: Direction, beyond: number, { upper, lower }: Bollinger): Signal {
  const reason = `Closed ${direction === 'call' ? 'below the lower' : 'above the upper'} band`
  return { direction, confidence: shareBeyond(upper - lower, beyond), reason }
}
