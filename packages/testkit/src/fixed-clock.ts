import type { Clock } from '@sath/core'

export interface FixedClock {
  readonly now: Clock
  /** Moves on by `ms` and returns the new time. */
  advance(ms: number): number
  set(time: number): void
}

/** A clock that stands still until it is moved. Epoch ms UTC; starts at 2024-01-01 unless told otherwise. */
export function fixedClock(start: number = Date.UTC(2024, 0, 1)): FixedClock {
  let time = start
  return {
    now: () => time,
    advance: (ms) => {
      time += ms
      return time
    },
    set: (to) => {
      time = to
    },
  }
}
