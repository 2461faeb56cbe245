import { money } from '../../parts/format.js'

/** A simulated amount, which is a float: for reading only. */
export function usd(amount: number): string {
  return money(amount.toFixed(2), 'USD')
}
