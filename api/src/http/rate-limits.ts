import type { RateLimiter } from '@sath/bus'
import { AppError } from '@sath/core'

/** @throws AppError rate-limited when the key has had its takes of this minute */
export async function takeOrRefuse(limiter: RateLimiter, key: string, perMinute: number): Promise<void> {
  const verdict = await limiter.take(key, { limit: perMinute, windowMs: 60_000 })
  if (!verdict.allowed)
    throw new AppError('rate-limited', 'Too many requests.', {
      retryAfterSeconds: Math.max(1, Math.ceil(verdict.retryAfterMs / 1000)),
    })
}
