import type { Decimal } from '@sath/core'
import type { NeededSeries } from '@sath/engine'

/** Profit of a won binary option on paper per unit staked. Break-even win rate: 54.05 %. */
export const paperPayout: Decimal = '0.85'

/** Currency of paper accounts. */
export const paperCurrency = 'USD'

/** What a bot may reckon with, by symbol. */
export function payoutsOf(needed: readonly Pick<NeededSeries, 'symbol'>[]): Record<string, Decimal> {
  return Object.fromEntries(needed.map(({ symbol }) => [symbol, paperPayout]))
}
