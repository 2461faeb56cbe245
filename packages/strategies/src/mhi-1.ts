import { type Direction, timeframeMs } from '@sath/core'
import { checkCandle } from '@sath/indicators'
import { noSignal, type Signal, type Strategy } from './strategy.js'

const minute = timeframeMs('M1')
/** Candles of a quadrant, the first of which opens at a multiple of five minutes. */
const quadrant = 5
/** Of a quadrant, the candles whose colours count are those from this place (of 0…4) on. */
const firstCounted = 2

type Mhi1Params = { readonly gales: number }

interface State {
  /** Open time of the last candle, −1 before the first. */
  time: number
  /** Of the quadrant's last three candles: how many have come one after the other and had a colour, and green less red. */
  counted: number
  balance: number
  /** Direction of the entry under way: 1 CALL, −1 PUT, 0 none. */
  entered: number
  /** Times it has been tried again. */
  gale: number
}

export const mhi1: Strategy<Mhi1Params, State> = {
  id: 'mhi-1',
  name: 'MHI 1',
  summary:
    'Of the last three one-minute candles before a multiple of five minutes, the colour in the minority is entered on the next candle, and again at once when that one goes against it.',
  source: 'The MHI ("minority") rule as binary-option traders teach it; the first candle of the quadrant',
  timeframe: 'M1',
  params: {
    gales: {
      type: 'integer',
      min: 0,
      max: 2,
      default: 2,
      title: 'Gales',
      description: 'Times a lost entry is tried again, each on the very next candle',
    },
  },
  warmUp: () => quadrant - firstCounted,
  memory: () => quadrant,
  init: () => ({ time: -1, counted: 0, balance: 0, entered: 0, gale: 0 }),

  step(state, candle, { gales }) {
    checkCandle(candle)
    const place = (candle.time / minute) % quadrant
    const follows = candle.time - state.time === minute
    const colour = Math.sign(candle.close - candle.open)
    state.time = candle.time
    count(state, place, follows, colour)
    if (place === quadrant - 1 && state.counted === quadrant - firstCounted) {
      state.entered = -Math.sign(state.balance)
      state.gale = 0
      return signal(state, 'The minority of the last three candles')
    }
    const lost = follows && state.entered !== 0 && colour === -state.entered
    if (lost && state.gale < gales) {
      state.gale += 1
      return signal(state, `Gale ${state.gale}: the candle went against the entry`)
    }
    state.entered = 0
    state.gale = 0
    return noSignal
  },

  indicators: ({ balance, gale }): Record<string, number> => ({ greenLessRed: balance, gale }),
}

/** Takes in the colour of a candle where it counts; one without colour, or a missing one, spoils its quadrant. */
function count(state: State, place: number, follows: boolean, colour: number): void {
  if (place === firstCounted || !follows) {
    state.counted = 0
    state.balance = 0
  }
  if (colour === 0 || place !== firstCounted + state.counted) return
  state.counted += 1
  state.balance += colour
}

/** Confidence: how clear the majority is that the entry goes against, 1/3 or 1. */
function signal({ entered, balance }: State, reason: string): Signal {
  const direction: Direction = entered > 0 ? 'call' : 'put'
  return { direction, confidence: Math.abs(balance) / (quadrant - firstCounted), reason }
}
