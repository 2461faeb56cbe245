import { type RateLimiter, verdict } from './rate-limiter.js'

interface Window {
  count: number
  readonly end: number
}

/**
 * Counts within one process. Remembers at most `maxKeys` keys (default 100 000) and then forgets the oldest window first, so
 * somebody with ever new keys cannot fill our memory. `now` is monotonic ms.
 */
export function memoryRateLimiter(options: { maxKeys?: number; now?: () => number } = {}): RateLimiter {
  const { maxKeys = 100_000, now = () => performance.now() } = options
  // In the order in which the windows began.
  const windows = new Map<string, Window>()
  return {
    async take(key, rate) {
      const time = now()
      let window = windows.get(key)
      if (!window || window.end <= time) {
        windows.delete(key)
        window = { count: 0, end: time + rate.windowMs }
        windows.set(key, window)
        for (const oldest of windows.keys()) {
          if (windows.size <= maxKeys) break
          windows.delete(oldest)
        }
      }
      const answer = verdict(window.count + 1, window.end - time, rate)
      if (answer.allowed) window.count++
      return answer
    },
    async close() {
      windows.clear()
    },
  }
}
