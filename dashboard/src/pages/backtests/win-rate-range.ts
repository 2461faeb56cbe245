import type { Estimate } from '../../api/reports.js'

/** Ends of a scale that shows the interval and the needed rate with room around them, in whole 5 %, within 0 and 1. */
export function barRange({ low, high }: Estimate, needed: number | null): { from: number; to: number } {
  const least = Math.min(low, needed ?? low)
  const most = Math.max(high, needed ?? high)
  const room = Math.max(0.02, (most - least) * 0.15)
  return {
    from: Math.max(0, Math.floor((least - room) * 20) / 20),
    to: Math.min(1, Math.ceil((most + room) * 20) / 20),
  }
}
