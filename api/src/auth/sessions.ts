import type { Clock } from '@sath/core'
import { type Db, type Role, tokenRepository } from '@sath/db'

/** How long an answer of the database is believed. What ends a session in this process is seen at once. */
const believeMs = 2_000
const most = 10_000

interface Entry {
  readonly until: number
  readonly answer: Promise<{ readonly role: Role } | undefined>
}

/** Whether a sign-in still stands: the account is active, and neither the sign-in nor all of them were ended. */
export function createSessions(db: Db, now: Clock) {
  const cache = new Map<string, Entry>()
  return {
    /** Undefined: not any more. */
    check(userId: string, sessionId: string): Promise<{ readonly role: Role } | undefined> {
      const key = `${userId} ${sessionId}`
      const known = cache.get(key)
      if (known && known.until > now()) return known.answer
      const answer = tokenRepository(db).session(userId, sessionId)
      answer.catch(() => cache.delete(key))
      cache.delete(key)
      cache.set(key, { until: now() + believeMs, answer })
      for (const oldest of cache.keys()) {
        if (cache.size <= most) break
        cache.delete(oldest)
      }
      return answer
    },
    /** Something about this user's access has changed: ask again. */
    forget(userId: string): void {
      for (const key of cache.keys()) if (key.startsWith(userId)) cache.delete(key)
    },
  }
}
export type Sessions = ReturnType<typeof createSessions>
