import type { Timeframe } from '@sath/core'
import { adxTrend } from './adx-trend.js'
import { bollingerBounce } from './bollinger-bounce.js'
import { donchianBreakout } from './donchian-breakout.js'
import { emaCross } from './ema-cross.js'
import { macdCross } from './macd-cross.js'
import { type Params, withDefaults } from './params.js'
import { priceAction } from './price-action.js'
import { rsiReversal } from './rsi-reversal.js'
import { stochasticCross } from './stochastic.js'
import type { Strategy } from './strategy.js'

/** Ready settings of one strategy. They come without a stake plan: that is a choice of its own. */
export interface StrategyPreset {
  readonly id: string
  readonly name: string
  readonly summary: string
  /** Id in the catalogue. */
  readonly strategy: string
  /** Every parameter of the strategy. */
  readonly params: Params
  readonly timeframe: Timeframe
}

/** Eight settings to start from, one for each rule of the textbooks. None has an edge of its own; see the README. */
export const presets: readonly StrategyPreset[] = [
  preset(rsiReversal, 'M5', {
    id: 'rsi-classic',
    name: 'Classic RSI',
    summary: 'Wilder’s own settings: 14 candles, turning points at 30 and 70.',
  }),
  preset(macdCross, 'M15', {
    id: 'macd-classic',
    name: 'Classic MACD',
    summary: 'Appel’s own settings, 12/26/9, on quarters of an hour, where they cross less often.',
  }),
  preset(bollingerBounce, 'M5', {
    id: 'bollinger-touch',
    name: 'Bollinger touch',
    summary: 'Enters as soon as a candle closes outside of wide bands, without waiting for its return.',
    params: { deviations: 2.5, variant: 'touch' },
  }),
  preset(emaCross, 'M5', {
    id: 'ema-9-21',
    name: 'EMA 9 / 21',
    summary: 'Follows short trends: the average of 9 candles against that of 21.',
  }),
  preset(stochasticCross, 'M5', {
    id: 'stochastic-extremes',
    name: 'Stochastic extremes',
    summary: 'Crossings of %K and %D, and only those that come from the outer fifteen percent.',
    params: { oversold: 15, overbought: 85 },
  }),
  preset(adxTrend, 'M15', {
    id: 'adx-strong-trend',
    name: 'Strong trends',
    summary: 'Wilder’s directional cross, and only in trends that are well under way.',
    params: { threshold: 30 },
  }),
  preset(donchianBreakout, 'H1', {
    id: 'turtle-20',
    name: 'Turtle breakout',
    summary: 'The entry of the Turtles’ first system on hours: a close beyond the last 20.',
  }),
  preset(priceAction, 'M15', {
    id: 'pin-and-engulf',
    name: 'Pin bars and engulfings',
    summary: 'Candle patterns on quarters of an hour, pin bars after three candles of a move.',
    params: { context: 3 },
  }),
]

type Words = Pick<StrategyPreset, 'id' | 'name' | 'summary'> & { readonly params?: Params }

function preset(strategy: Strategy, timeframe: Timeframe, { params = {}, ...words }: Words): StrategyPreset {
  return { ...words, strategy: strategy.id, params: withDefaults(strategy.params, params), timeframe }
}
