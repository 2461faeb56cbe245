import { AppError, type Candle } from '@sath/core'

/** Largest magnitude of a price that the folds take: its square, summed over any window, is still a finite number. */
export const largestPrice = 1e100

/**
 * The one rule for hostile numbers: every fold looks at its input before its state changes, so that nothing that is not a
 * number is ever remembered, and every answer is a finite number or undefined. Gaps between candles are no business of a
 * fold, which counts candles; who hands them over keeps their times in order (see `runIndicator`).
 *
 * @throws AppError invalid-request, naming the field, unless `price` is a number from −1e100 to 1e100
 */
export function checkPrice(price: number): void {
  if (!(Math.abs(price) <= largestPrice)) throw refusal('price', `must be a finite number, not ${price}`)
}

/**
 * The same for a whole candle: its four prices are such numbers, and neither open nor close lies outside low and high.
 *
 * @throws AppError invalid-request, naming the field
 */
export function checkCandle(candle: Candle): void {
  const { open, high, low, close } = candle
  const sound =
    low <= open && open <= high && low <= close && close <= high && low >= -largestPrice && high <= largestPrice
  if (!sound) throw faultOf(candle)
}

function faultOf(candle: Candle): AppError {
  for (const field of ['open', 'high', 'low', 'close'] as const) {
    const price = candle[field]
    if (!(Math.abs(price) <= largestPrice)) return refusal(field, `must be a finite number, not ${price}`, candle)
  }
  const { open, high, low, close } = candle
  return high < Math.max(open, low, close)
    ? refusal('high', `must be the highest price of its candle, and ${high} is not`, candle)
    : refusal('low', `must be the lowest price of its candle, and ${low} is not`, candle)
}

/** A refusal of one field; with the candle it is of, where that is known. */
export function refusal(path: string, message: string, candle?: Candle): AppError {
  const where = candle ? `candle ${candle.time}: ` : ''
  return new AppError('invalid-request', `${where}${path} ${message}`, { errors: [{ path, message }] })
}
