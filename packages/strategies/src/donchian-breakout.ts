import type { Direction } from '@sath/core'
import { checkRange, type Donchian, donchian, nextDonchian } from '@sath/indicators'
import { shareBeyond } from './crossing.js'
import { noSignal, type Signal, type Strategy } from './strategy.js'

type DonchianBreakoutParams = { readonly period: number }

interface State {
  readonly channel: Donchian
  /** How far the last close was above the upper and the lower end of its channel; 0 until there is one. */
  aboveUpper: number
  aboveLower: number
  /** Candles that had a channel, counted up to 2: a breakout needs the one before. */
  ready: number
}

export const donchianBreakout: Strategy<DonchianBreakoutParams, State> = {
  id: 'donchian-breakout',
  name: 'Donchian breakout',
  summary: 'CALL when the price closes above the highest high of the candles before, PUT when below their lowest low.',
  source: 'Richard Dennis and William Eckhardt, Turtle system 1; https://quant.litananalytics.com/strategies/donchian',
  params: {
    period: {
      type: 'integer',
      min: 2,
      max: 200,
      default: 20,
      title: 'Period',
      description: 'Candles in the channel, before the one that breaks it',
    },
  },
  warmUp: ({ period }) => period + 2,
  memory: ({ period }) => period + 2,
  init: ({ period }) => ({ channel: donchian(period), aboveUpper: 0, aboveLower: 0, ready: 0 }),

  step(state, { high, low, close }) {
    checkRange(high, low, close)
    const { channel, aboveUpper, aboveLower } = state
    if (nextDonchian(channel, high, low) === undefined) return noSignal
    state.aboveUpper = close - channel.upper
    state.aboveLower = close - channel.lower
    state.ready = Math.min(state.ready + 1, 2)
    if (state.ready < 2) return noSignal
    if (aboveUpper <= 0 && state.aboveUpper > 0) return breakout('call', aboveUpper, state)
    if (aboveLower >= 0 && state.aboveLower < 0) return breakout('put', aboveLower, state)
    return noSignal
  },

  indicators: ({ channel, ready }): Record<string, number> =>
    ready === 0 ? {} : { donchianUpper: channel.upper, donchianLower: channel.lower },
}

function breakout(direction: Direction, before: number, { channel, aboveUpper, aboveLower }: State): Signal {
  const end = direction === 'call' ? 'above the highest high' : 'below the lowest low'
  const after = direction === 'call' ? aboveUpper : aboveLower
  return { direction, confidence: shareBeyond(before, after), reason: `Closed ${end} of ${channel.highs.size} candles` }
}
