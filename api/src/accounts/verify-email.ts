import { AppError } from '@sath/core'
import { type Actor, audit, type Db, tokenRepository, userRepository } from '@sath/db'

/** @throws AppError invalid-token */
export function verifyEmail(db: Db, token: string, actor: Actor): Promise<void> {
  return db.transaction(async (tx) => {
    const userId = await tokenRepository(tx).useOneTime(token, 'verify-email')
    if (!userId) throw new AppError('invalid-token', 'This link is not valid any more.')
    await userRepository(tx).markVerified(userId)
    await audit(tx, { ...actor, id: userId }, 'auth.verify-email', userId)
  })
}
