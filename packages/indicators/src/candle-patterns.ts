import type { Candle } from '@sath/core'

/** Which way a pattern points: 1 up, −1 down, 0 where there is none. */
export type Pointing = 1 | 0 | -1

/**
 * Engulfing: a body of the other colour that covers the whole body before it.
 *
 * Strict, the body reaches beyond the one before on both sides: close above the open before and open below the close before
 * (TA-Lib's CDLENGULFING as Lean has it; it gives the same answers on 3,034 recorded candles). A market without pauses opens
 * where it closed, so there the strict form hardly ever shows; the loose one also takes an open right on the close before.
 * A candle that closes where it opened has no colour and is part of no engulfing.
 *
 * @see https://github.com/TA-Lib/ta-lib/blob/main/src/ta_func/ta_CDLENGULFING.c
 */
export function engulfing(before: Bodied, { open, close }: Bodied, form: 'strict' | 'loose'): Pointing {
  const strict = form === 'strict'
  const opensBelow = strict ? open < before.close : open <= before.close
  const opensAbove = strict ? open > before.close : open >= before.close
  if (before.close < before.open && close > open && close > before.open && opensBelow) return 1
  if (before.close > before.open && close < open && close < before.open && opensAbove) return -1
  return 0
}

/** Of a candle, what its body needs. */
export type Bodied = Pick<Candle, 'open' | 'close'>

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
