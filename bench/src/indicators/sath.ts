import { atr, bollinger, ema, macd, nextAtr, nextBollinger, nextEma, nextMacd, nextRsi, rsi } from '@sath/indicators'
import type { Contender } from './contest.js'

/** Our folds, one candle after the other. */
export const sath: Contender = {
  'RSI-14'({ closes }) {
    const state = rsi(14)
    let sum = 0
    for (const close of closes) sum += nextRsi(state, close) ?? 0
    return sum
  },
  'EMA-20'({ closes }) {
    const state = ema(20)
    let sum = 0
    for (const close of closes) sum += nextEma(state, close) ?? 0
    return sum
  },
  'MACD 12/26/9'({ closes }) {
    const state = macd(12, 26, 9)
    let sum = 0
    for (const close of closes) {
      if (nextMacd(state, close) !== undefined) sum += state.macd + state.signal + state.histogram
    }
    return sum
  },
  'Bollinger 20/2'({ closes }) {
    const state = bollinger(20, 2)
    let sum = 0
    for (const close of closes) {
      const middle = nextBollinger(state, close)
      if (middle !== undefined) sum += state.lower + middle + state.upper
    }
    return sum
  },
  'ATR-14'({ highs, lows, closes }) {
    const state = atr(14)
    let sum = 0
    for (let i = 0; i < closes.length; i++) {
      sum += nextAtr(state, highs[i] as number, lows[i] as number, closes[i] as number) ?? 0
    }
    return sum
  },
}
