export interface TokenBucket {
  /** Takes one token; false when there is none. */
  take(): boolean
}

/** `capacity` at once, refilled at `perSecond`. `now` is monotonic, ms. */
export function createTokenBucket(
  { capacity, perSecond }: { readonly capacity: number; readonly perSecond: number },
  now: () => number = () => performance.now(),
): TokenBucket {
  let tokens = capacity
  let at = now()
  return {
    take() {
      const time = now()
      tokens = Math.min(capacity, tokens + ((time - at) / 1_000) * perSecond)
      at = time
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
