import type { Estimate } from '../../api/reports.js'
import { number } from '../../parts/format.js'

/** A share, 1 = 100 %. */
export function percent(share: number, digits = 1): string {
  return `${number(share * 100, digits)} %`
}

/** "51.2 % (49.1 to 53.3 %)" */
export function intervalText({ value, low, high }: Estimate): string {
  return `${percent(value)} (${number(low * 100, 1)} to ${percent(high)})`
}

/** A ratio, or a dash where there is none. */
export function ratio(value: number | null): string {
  return value === null ? '–' : number(value, 2)
}
