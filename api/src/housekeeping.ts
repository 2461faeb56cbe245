import {
  type Db,
  ensureWallClockDays,
  outboxRepository,
  sweepIdempotencyKeys,
  sweepJobs,
  tokenRepository,
} from '@sath/db'
import type { Logger } from 'pino'
import { errorFields } from './http/error-fields.js'

const everyMs = 3_600_000

/** Once an hour: tomorrow's partitions, and what is too old to be of use goes. */
export function startHousekeeping(db: Db, log: Logger): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = tidyUp(db).catch((error: unknown) => log.warn({ err: errorFields(error) }, 'housekeeping waits'))
  }, everyMs)
  return {
    stop: () => {
      clearInterval(timer)
      return running
    },
  }
}

export async function tidyUp(db: Db): Promise<void> {
  await ensureWallClockDays(db, Date.now())
  await sweepIdempotencyKeys(db)
  await sweepJobs(db)
  await tokenRepository(db).sweep()
  await outboxRepository(db).sweep()
}
