import type { Direction } from '@sath/core'

/**
 * Which way a line crossed zero within one bar: `call` from at most 0 to above it, `put` from at least 0 to below it.
 * "a over b" is the crossing of a − b.
 */
export function crossing(before: number, after: number): Direction | undefined {
  if (before <= 0 && after > 0) return 'call'
  if (before >= 0 && after < 0) return 'put'
  return undefined
}

/**
 * How decided a crossing is, 0…1: the share of the bar's move that lies beyond the line. 0 when the bar only reached it, 1
 * when the bar began on it. `before` and `after` are distances from the line, on opposite sides of it and not both 0.
 */
export function shareBeyond(before: number, after: number): number {
  return Math.abs(after) / (Math.abs(after) + Math.abs(before))
}
