import type { Decimal } from './money.js'

/** Profit of a won binary option on paper per unit staked. Break-even win rate: 54.05 %. */
export const paperPayout: Decimal = '0.85'
