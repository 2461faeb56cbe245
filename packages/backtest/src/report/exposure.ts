import type { Decimal } from '@sath/core'
import { fromUnits } from './units.js'

export interface Exposure {
  /** Share of the run's time during which at least one trade was open, 1 = all of it; null while no time has passed. */
  readonly timeShare: number | null
  /** Most that was at stake at once. A trade that closes as another opens is not at stake with it. */
  readonly maxAtStake: Decimal
}

/** Times are market time, epoch ms, and never go back. Stakes in units, see `toUnits`. */
export function createExposure() {
  let started: number | undefined
  let now = Number.NEGATIVE_INFINITY
  let exposedMs = 0
  let open = 0
  let atStake = 0n
  let most = 0n

  function pass(time: number): void {
    started ??= time
    if (open > 0) exposedMs += time - now
    now = time
  }

  return {
    pass,
    opened(time: number, stake: bigint): void {
      pass(time)
      open += 1
      atStake += stake
      if (atStake > most) most = atStake
    },
    closed(time: number, stake: bigint): void {
      pass(time)
      open -= 1
      atStake -= stake
    },
    value(): Exposure {
      const total = started === undefined ? 0 : now - started
      return { timeShare: total > 0 ? exposedMs / total : null, maxAtStake: fromUnits(most) }
    },
  }
}
