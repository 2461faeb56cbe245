import { Redis } from 'ioredis'
import type { BusLog } from './bus.js'

/**
 * A connection that never makes its user wait for Redis: without a line commands fail at once, a line that stays silent for
 * 3 s while an answer is due is cut, and reconnecting goes on for ever, at most 2 s apart. Outages are logged once each.
 */
export function redisLine(url: string, log: BusLog | undefined, purpose: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 3_000,
    socketTimeout: 3_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), 2_000) * (0.5 + Math.random() / 2),
  })
  let down = false
  redis.on('ready', () => {
    down = false
  })
  redis.on('error', (error: Error) => {
    if (!down) log?.warn({ err: error, purpose }, 'Redis does not answer')
    down = true
  })
  return redis
}
