import type { Decimal } from '@sath/core'
import { fromUnits, unitsToFloat } from './units.js'

/** The deepest fall of the equity below its highest value so far. Times are market time, epoch ms. */
export interface Drawdown {
  readonly amount: Decimal
  /** Deepest fall in per cent of the peak before it, 100 = all of it; not necessarily the same fall. */
  readonly percent: number
  /** Peak and bottom of `amount`; null without a fall. */
  readonly from: number | null
  readonly to: number | null
}

export interface DrawdownFold {
  /** `equity` in units (see `toUnits`), in order of time. */
  add(time: number, equity: bigint): void
  value(): Drawdown
}

export function createDrawdown(): DrawdownFold {
  let peak: { time: number; equity: bigint } | undefined
  let deepest = { amount: 0n, from: null as number | null, to: null as number | null }
  let percent = 0
  return {
    add(time, equity) {
      if (!peak || equity > peak.equity) peak = { time, equity }
      const amount = peak.equity - equity
      if (amount === 0n) return
      if (amount > deepest.amount) deepest = { amount, from: peak.time, to: time }
      if (peak.equity > 0n) percent = Math.max(percent, (100 * unitsToFloat(amount)) / unitsToFloat(peak.equity))
    },
    value: () => ({ ...deepest, amount: fromUnits(deepest.amount), percent }),
  }
}
