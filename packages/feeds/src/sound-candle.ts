import type { Candle } from '@sath/core'

const minuteMs = 60_000

/**
 * Whether the values can be those of a closed M1 candle: a whole minute, finite positive prices, the low not above and the
 * high not below open and close, a finite volume of at least 0. False for NaN anywhere.
 */
export function isSoundMinute({ time, open, high, low, close, volume }: Candle): boolean {
  return (
    // A remainder of floats costs as much as all the rest.
    Number.isInteger(time / minuteMs) &&
    low > 0 &&
    low <= open &&
    low <= close &&
    high >= open &&
    high >= close &&
    high < Number.POSITIVE_INFINITY &&
    volume >= 0 &&
    volume < Number.POSITIVE_INFINITY
  )
}
