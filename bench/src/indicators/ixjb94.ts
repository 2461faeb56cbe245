import { IndicatorsSync } from '@ixjb94/indicators'
import { type Contender, total } from './contest.js'

const library = new IndicatorsSync()

/** @ixjb94/indicators has whole arrays only. */
export const ixjb94: Contender = {
  'RSI-14': ({ closes }) => total(library.rsi(closes, 14)),
  'EMA-20': ({ closes }) => total(library.ema(closes, 20)),
  'MACD 12/26/9'({ closes }) {
    const [macd = [], signal = [], histogram = []] = library.macd(closes, 12, 26, 9)
    return total(macd) + total(signal) + total(histogram)
  },
  'Bollinger 20/2'({ closes }) {
    const [lower = [], middle = [], upper = []] = library.bbands(closes, 20, 2)
    return total(lower) + total(middle) + total(upper)
  },
  'ATR-14': ({ highs, lows, closes }) => total(library.atr(highs, lows, closes, 14)),
}
