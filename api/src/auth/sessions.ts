import type { Clock } from '@sath/core'
import { type Db, type Role, tokenRepository } from '@sath/db'
import { believed } from './believed.js'

/** Whether a sign-in still stands: the account is active, and neither the sign-in nor all of them were ended. */
export function createSessions(db: Db, now: Clock) {
  const answers = believed<{ readonly userId: string; readonly role: Role }>(now)
  return {
    /** Undefined: not any more. */
    check(userId: string, sessionId: string): Promise<{ readonly role: Role } | undefined> {
      return answers.get(`${userId} ${sessionId}`, async () => {
        const session = await tokenRepository(db).session(userId, sessionId)
        return session && { userId, ...session }
      })
    },
    forget: answers.forget,
  }
}
export type Sessions = ReturnType<typeof createSessions>
