import { type Candle, largestPrice } from '@sath/core'

/**
 * Whether the values can be those of a closed candle of `barMs`: a time that is a multiple of it, positive prices up to
 * `largestPrice`, the low not above and the high not below open and close, a finite volume of at least 0. False for NaN anywhere.
 */
export function isSound({ time, open, high, low, close, volume }: Candle, barMs: number): boolean {
  return (
    // A remainder of floats costs as much as all the rest.
    Number.isInteger(time / barMs) &&
    low > 0 &&
    low <= open &&
    low <= close &&
    high >= open &&
    high >= close &&
    high <= largestPrice &&
    volume >= 0 &&
    volume < Number.POSITIVE_INFINITY
  )
}
