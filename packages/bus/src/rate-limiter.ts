/**
 * Counts what a key does in windows. A window begins with the first take after the last one has ended, so over the border of
 * two windows a key may do up to twice the limit in a short time. Refused takes do not count.
 */
export interface RateLimiter {
  take(key: string, rate: Rate): Promise<Verdict>
  close(): Promise<void>
}

export interface Rate {
  /** Takes allowed per window, at least 1. */
  readonly limit: number
  readonly windowMs: number
}

export interface Verdict {
  readonly allowed: boolean
  /** Takes left in this window. */
  readonly remaining: number
  /** 0 when allowed, else ms until the window ends. */
  readonly retryAfterMs: number
}

/** The one rule of all adapters: `count` is the number of takes in this window with the present one, `leftMs` its rest. */
export function verdict(count: number, leftMs: number, { limit }: Rate): Verdict {
  const allowed = count <= limit
  return { allowed, remaining: Math.max(0, limit - count), retryAfterMs: allowed ? 0 : Math.max(1, Math.ceil(leftMs)) }
}
