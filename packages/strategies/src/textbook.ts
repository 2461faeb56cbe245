import { adxTrend } from './adx-trend.js'
import { bollingerBounce } from './bollinger-bounce.js'
import { donchianBreakout } from './donchian-breakout.js'
import { emaCross } from './ema-cross.js'
import { macdCross } from './macd-cross.js'
import { priceAction } from './price-action.js'
import { rsiReversal } from './rsi-reversal.js'
import { stochasticCross } from './stochastic.js'
import type { Strategy } from './strategy.js'

/** The eight rules of the textbooks, for candles of any timeframe; they are what the ensemble asks. */
export const textbook: readonly Strategy[] = [
  rsiReversal,
  macdCross,
  bollingerBounce,
  emaCross,
  stochasticCross,
  adxTrend,
  donchianBreakout,
  priceAction,
]
