import { ATR, BollingerBands, EMA, MACD, RSI } from 'technicalindicators'
import { type Contender, total } from './contest.js'

/** technicalindicators over whole arrays, which is faster than its `nextValue`. */
export const technicalindicators: Contender = {
  'RSI-14': ({ closes }) => total(RSI.calculate({ values: closes, period: 14 })),
  'EMA-20': ({ closes }) => total(EMA.calculate({ values: closes, period: 20 })),
  'MACD 12/26/9'({ closes }) {
    const periods = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 }
    const averages = { SimpleMAOscillator: false, SimpleMASignal: false }
    let sum = 0
    for (const { MACD: line = 0, signal = 0, histogram } of MACD.calculate({
      values: closes,
      ...periods,
      ...averages,
    })) {
      if (histogram !== undefined) sum += line + signal + histogram
    }
    return sum
  },
  'Bollinger 20/2'({ closes }) {
    let sum = 0
    for (const { lower, middle, upper } of BollingerBands.calculate({ values: closes, period: 20, stdDev: 2 })) {
      sum += lower + middle + upper
    }
    return sum
  },
  'ATR-14': ({ highs, lows, closes }) => total(ATR.calculate({ high: highs, low: lows, close: closes, period: 14 })),
}
