import { setTimeout as delay } from 'node:timers/promises'
import { isPlanOutdated, sqlState } from '@sath/db'
import type { Logger } from 'pino'

/** Errors of the line to Postgres, by code of postgres.js and of the system. */
const lineCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])
/** Connection, resources, operator's intervention, serialisation: the same statement may work later. */
const passingClasses = ['08', '53', '57', '40']
const longestPauseMs = 1_000

/** Whether the database could not be asked, as opposed to having said no: the same may work later. */
export function isOutage(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && lineCodes.has(code)) return true
  }
  const state = sqlState(error)
  return (state !== undefined && passingClasses.includes(state.slice(0, 2))) || isPlanOutdated(error)
}

export interface PersistOptions {
  readonly signal: AbortSignal
  readonly log: Logger
}

/**
 * Does what must be done, however long the database is away. Everything given here is safe to repeat.
 *
 * @throws what the work throws for any other reason; the signal's reason once it aborts
 */
export async function persist<T>(what: string, work: () => Promise<T>, { signal, log }: PersistOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isOutage(error) || signal.aborted) throw error
      if (attempt === 0) log.warn({ what, err: error }, 'the database does not answer; waiting for it')
      await delay(Math.min(25 * 2 ** attempt, longestPauseMs), undefined, { signal })
    }
  }
}
