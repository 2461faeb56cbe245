import { ATR, BollingerBands, EMA, MACD, RSI } from 'trading-signals'
import type { Contender } from './contest.js'

/** trading-signals, one candle after the other with `update`, which is what its `add` calls. */
export const tradingSignals: Contender = {
  'RSI-14'({ closes }) {
    const indicator = new RSI(14)
    let sum = 0
    for (const close of closes) sum += indicator.update(close, false) ?? 0
    return sum
  },
  'EMA-20'({ closes }) {
    const indicator = new EMA(20)
    let sum = 0
    for (const close of closes) sum += indicator.update(close, false) ?? 0
    return sum
  },
  'MACD 12/26/9'({ closes }) {
    const indicator = new MACD(new EMA(12), new EMA(26), new EMA(9))
    let sum = 0
    for (const close of closes) {
      const result = indicator.update(close, false)
      if (result) sum += result.macd + result.signal + result.histogram
    }
    return sum
  },
  'Bollinger 20/2'({ closes }) {
    const indicator = new BollingerBands(20, 2)
    let sum = 0
    for (const close of closes) {
      const result = indicator.update(close, false)
      if (result) sum += result.lower + result.middle + result.upper
    }
    return sum
  },
  'ATR-14'({ highs, lows, closes }) {
    const indicator = new ATR(14)
    let sum = 0
    for (const [i, close] of closes.entries()) {
      sum += indicator.update({ high: highs[i] as number, low: lows[i] as number, close }, false) ?? 0
    }
    return sum
  },
}
