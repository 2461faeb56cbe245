import { AppError } from '@sath/core'
import { type Actor, audit, type Db, tokenRepository, userRepository } from '@sath/db'
import { refreshTtlMs, type SignedIn } from './login.js'

/**
 * Spends a refresh token for the next one. One that was spent before has been copied: its whole family ends.
 *
 * @throws AppError token-reused, unauthenticated
 */
export async function refresh(db: Db, token: string, actor: Actor): Promise<SignedIn> {
  const origin = { address: actor.address, agent: actor.agent }
  const rotation = await tokenRepository(db).rotate(token, refreshTtlMs, origin)
  if (rotation.kind === 'reused') {
    await audit(db, actor, 'auth.token-reused', rotation.userId)
    throw new AppError('token-reused', 'This sign-in was used from elsewhere and has been ended. Sign in again.')
  }
  const user = rotation.kind === 'rotated' ? await userRepository(db).findById(rotation.userId) : undefined
  if (rotation.kind !== 'rotated' || !user?.isActive || user.deletingAt)
    throw new AppError('unauthenticated', 'This sign-in has ended.')
  return { user, issued: rotation.issued }
}
