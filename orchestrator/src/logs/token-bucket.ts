import type { Clock } from '@sath/core'

/** What one bot may write: so many bytes at once, and so many a second after that. Short lines cost what they cost us. */
export interface Allowance {
  readonly burstBytes: number
  readonly bytesPerSecond: number
  /** Added to the length of each line. */
  readonly perLineBytes: number
}

export const logAllowance: Allowance = { burstBytes: 1024 * 1024, bytesPerSecond: 64 * 1024, perLineBytes: 256 }

export function tokenBucket({ burstBytes, bytesPerSecond, perLineBytes }: Allowance, now: Clock) {
  let tokens = burstBytes
  let filledAt = now()
  return {
    /** Whether a line of that length may pass now. */
    take(bytes: number): boolean {
      const time = now()
      // A clock that is set back takes nothing away.
      tokens = Math.min(burstBytes, tokens + (Math.max(0, time - filledAt) / 1000) * bytesPerSecond)
      filledAt = time
      const cost = bytes + perLineBytes
      if (tokens < cost) return false
      tokens -= cost
      return true
    },
  }
}
