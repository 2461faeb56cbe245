import type { Candle } from '@sath/core'
import { checkCandle, engulfing, type Pointing, pinBar } from '@sath/indicators'
import { noSignal, type Signal, type Strategy } from './strategy.js'

type PriceActionParams = { readonly wick: number; readonly context: number }

interface State {
  /** Open of the last candle; 0 before the first. */
  open: number
  /** The last `context` + 1 closes; the oldest, which the next one replaces, at `at`. */
  readonly closes: number[]
  at: number
  /** Candles seen, counted up to `context` + 2. */
  count: number
}

export const priceAction: Strategy<PriceActionParams, State> = {
  id: 'price-action',
  name: 'Price action',
  summary:
    'CALL on a bullish engulfing candle or a pin bar with a long lower wick after a fall, PUT on their mirrors; where both sides show, nothing.',
  source: 'TA-Lib, CDLENGULFING; Dukascopy, pin bar trading strategy',
  params: {
    wick: {
      type: 'number',
      min: 0.51,
      max: 0.95,
      default: 2 / 3,
      title: 'Least wick of a pin bar',
      description: 'Share of the range of its candle that the wick takes up; 1 = all of it',
    },
    context: {
      type: 'integer',
      min: 1,
      max: 50,
      default: 2,
      title: 'Candles before a pin bar',
      description: 'Candles over which the price must have fallen before a CALL, or risen before a PUT',
    },
  },
  warmUp: ({ context }) => context + 2,
  memory: ({ context }) => context + 2,
  init: ({ context }) => ({ open: 0, closes: Array.from({ length: context + 1 }, () => 0), at: 0, count: 0 }),

  step(state, candle, { wick, context }) {
    checkCandle(candle)
    const { closes, at, open } = state
    const length = context + 1
    const lastClose = numberAt(closes, at === 0 ? context : at - 1)
    const change = lastClose - numberAt(closes, at)
    closes[at] = candle.close
    state.at = at + 1 === length ? 0 : at + 1
    state.open = candle.open
    state.count = Math.min(state.count + 1, context + 2)
    if (state.count < context + 2) return noSignal
    const body = engulfing({ open, close: lastClose }, candle, 'loose')
    const pin = afterItsMove(pinBar(candle, wick), change)
    if (body === 0 && pin === 0) return noSignal
    return body + pin === 0 ? noSignal : signal(body, pin, candle)
  },

  indicators: () => ({}),
}

/** A long lower wick means something after a fall, a long upper one after a rise. */
function afterItsMove(pin: Pointing, change: number): Pointing {
  return pin * change < 0 ? pin : 0
}

/** Confidence: of a pin bar its wick's share of the range, of an engulfing candle its body's. */
function signal(body: Pointing, pin: Pointing, { open, high, low, close }: Candle): Signal {
  const direction = body + pin > 0 ? 'call' : 'put'
  const range = high - low
  if (body !== 0) {
    const reason = direction === 'call' ? 'Bullish engulfing candle' : 'Bearish engulfing candle'
    return { direction, confidence: Math.abs(close - open) / range, reason }
  }
  return direction === 'call'
    ? { direction, confidence: (Math.min(open, close) - low) / range, reason: 'Pin bar with a long lower wick' }
    : { direction, confidence: (high - Math.max(open, close)) / range, reason: 'Pin bar with a long upper wick' }
}

/** `index` is within the closes, whose number is constant. */
function numberAt(values: readonly number[], index: number): number {
  return values[index] as number
}
