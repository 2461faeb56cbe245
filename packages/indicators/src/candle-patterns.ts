import type { Candle } from '@sath/core'

/** Which way a pattern points: 1 up, −1 down, 0 where there is none. */
export type Pointing = 1 | 0 | -1

/** Of a candle, what its body needs. */
export type Bodied = Pick<Candle, 'open' | 'close'>

/**
 * Engulfing: a body that covers the whole body before it, which was of the other colour.
 *
 * Two forms. `strict` is TA-Lib's CDLENGULFING, whose answers on 3,034 recorded candles are these: the body reaches beyond
 * the one before on both sides (close above its open and open below its close, or the reverse), and a candle that closes
 * where it opened counts as green. `loose` is for markets without pauses, which open where they closed, so that the strict
 * form hardly ever shows there: the open may be right on the close before, and a candle without a body has no colour.
 *
 * @see https://github.com/TA-Lib/ta-lib/blob/main/src/ta_func/ta_CDLENGULFING.c
 */
export function engulfing(before: Bodied, { open, close }: Bodied, form: 'strict' | 'loose'): Pointing {
  const loose = form === 'loose'
  const wasRed = before.close < before.open
  const wasGreen = loose ? before.close > before.open : !wasRed
  if (wasRed && close > open && close > before.open) {
    return open < before.close || (loose && open === before.close) ? 1 : 0
  }
  if (wasGreen && close < open && close < before.open) {
    return open > before.close || (loose && open === before.close) ? -1 : 0
  }
  return 0
}

/**
 * Pin bar: one wick makes up at least `share` (above 1/2, at most 1) of the candle's range, so the market turned away from
 * there: 1 for a long lower wick, −1 for a long upper one. A candle without a range has no wicks.
 *
 * @see https://www.dukascopy.com/swiss/english/marketwatch/articles/pin-bar-trading-strategy/
 */
export function pinBar({ open, high, low, close }: Candle, share: number): Pointing {
  const range = high - low
  if (!(range > 0)) return 0
  if (Math.min(open, close) - low >= share * range) return 1
  return high - Math.max(open, close) >= share * range ? -1 : 0
}
