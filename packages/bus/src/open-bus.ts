import type { Bus, BusLog } from './bus.js'
import { ipcBus } from './ipc-bus.js'
import { memoryBus } from './memory-bus.js'
import { memoryRateLimiter } from './memory-rate-limiter.js'
import type { RateLimiter } from './rate-limiter.js'
import { redisBus } from './redis-bus.js'
import { redisRateLimiter } from './redis-rate-limiter.js'

export interface BusOptions {
  readonly redisUrl?: string | undefined
  readonly log: BusLog
}

/** Redis where there is one, else the launcher that started us, else this process alone. */
export function openBus({ redisUrl, log }: BusOptions): Bus {
  if (redisUrl) return redisBus({ url: redisUrl, log })
  return process.send ? ipcBus({ end: process, log }) : memoryBus({ log })
}

export function openRateLimiter({ redisUrl, log }: BusOptions): RateLimiter {
  return redisUrl ? redisRateLimiter({ url: redisUrl, log }) : memoryRateLimiter()
}
