import { type Decimal, paperPayout } from '@sath/core'
import type { NeededSeries } from '@sath/engine'

/** Currency of paper accounts. */
export const paperCurrency = 'USD'

/** What a bot may reckon with, by symbol. */
export function payoutsOf(needed: readonly Pick<NeededSeries, 'symbol'>[]): Record<string, Decimal> {
  return Object.fromEntries(needed.map(({ symbol }) => [symbol, paperPayout]))
}
