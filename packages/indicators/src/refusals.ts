import { AppError, type Candle, largestPrice } from '@sath/core'

/**
 * The one rule for hostile numbers: every fold looks at its input before its state changes, so that nothing that is not a
 * number is ever remembered, and every answer is a finite number or undefined. Gaps between candles are no business of a
 * fold, which counts candles; who hands them over keeps their times in order (see `runIndicator`).
 *
 * @throws AppError invalid-request, naming the field, unless `price` is a number whose size `largestPrice` bounds
 */
export function checkPrice(price: number): void {
  if (!(Math.abs(price) <= largestPrice)) throw refusal('price', outOfRange(price))
}

/**
 * The same for what a candle's range is made of, and the close must not lie outside of it.
 *
 * @throws AppError invalid-request, naming the field
 */
export function checkRange(high: number, low: number, close: number): void {
  if (!(low >= -largestPrice && low <= close && close <= high && high <= largestPrice)) {
    throw faultOf({ high, low, close })
  }
}

/**
 * The same for a whole candle, whose open must not lie outside of its range either.
 *
 * @throws AppError invalid-request, naming the field
 */
export function checkCandle({ open, high, low, close }: Candle): void {
  if (!(low >= -largestPrice && low <= open && low <= close && open <= high && close <= high && high <= largestPrice)) {
    throw faultOf({ open, high, low, close })
  }
}

/** The first thing that is wrong with prices that make no candle. */
function faultOf(prices: {
  readonly open?: number
  readonly high: number
  readonly low: number
  readonly close: number
}) {
  for (const [field, price] of Object.entries(prices)) {
    if (!(Math.abs(price) <= largestPrice)) return refusal(field, outOfRange(price))
  }
  const { high, low, close, open = close } = prices
  return high < Math.max(open, low, close)
    ? refusal('high', `must be the highest price of its candle, and ${high} is not`)
    : refusal('low', `must be the lowest price of its candle, and ${low} is not`)
}

function outOfRange(price: number): string {
  return Number.isFinite(price)
    ? `must not exceed ${largestPrice}, and ${price} does`
    : `must be a finite number, not ${price}`
}

/** A refusal of one field. */
export function refusal(path: string, message: string): AppError {
  return new AppError('invalid-request', `${path} ${message}`, { errors: [{ path, message }] })
}
