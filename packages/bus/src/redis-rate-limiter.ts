import type { BusLog } from './bus.js'
import { memoryRateLimiter } from './memory-rate-limiter.js'
import { type RateLimiter, verdict } from './rate-limiter.js'
import { redisLine } from './redis-line.js'

/** Adds one take unless the limit is reached, and answers with the count and the ms left of the window. */
const script = `
local count = tonumber(redis.call('get', KEYS[1]) or '0')
if count >= tonumber(ARGV[1]) then
  local left = redis.call('pttl', KEYS[1])
  if left > 0 then return {count + 1, left} end
  redis.call('del', KEYS[1])
end
count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('pexpire', KEYS[1], ARGV[2]) end
return {count, redis.call('pttl', KEYS[1])}`

/** How long a slow Redis is not asked again. */
const pauseMs = 1_000
const defaultAnswerWithinMs = 250

export interface RedisRateLimiterOptions {
  readonly url: string
  readonly log?: BusLog
  /** Longest wait for Redis before a take is counted alone. */
  readonly answerWithinMs?: number
}

/** Counts for all processes in Redis; while Redis is away or slow each process counts for itself. */
export function redisRateLimiter({
  url,
  log,
  answerWithinMs = defaultAnswerWithinMs,
}: RedisRateLimiterOptions): RateLimiter {
  const redis = redisLine(url, log, 'rate limits')
  const alone = memoryRateLimiter()
  let askAgainAt = 0
  return {
    async take(key, rate) {
      if (redis.status !== 'ready' || performance.now() < askAgainAt) return await alone.take(key, rate)
      try {
        const [count, leftMs] = await within(
          answerWithinMs,
          redis.eval(script, 1, `sath:rate:${key}`, rate.limit, rate.windowMs),
        )
        return verdict(count, leftMs, rate)
      } catch (error) {
        if (performance.now() >= askAgainAt) log?.warn({ err: error }, 'rate limits are counted per process for now')
        askAgainAt = performance.now() + pauseMs
        return await alone.take(key, rate)
      }
    },
    async close() {
      redis.disconnect()
      await alone.close()
    },
  }
}

function within(ms: number, answer: Promise<unknown>): Promise<[count: number, leftMs: number]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Redis did not answer within ${ms} ms`)), ms)
    answer.then((pair) => resolve(pair as [number, number]), reject).finally(() => clearTimeout(timer))
  })
}
