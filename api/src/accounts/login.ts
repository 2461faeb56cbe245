import { AppError } from '@sath/core'
import { type Actor, audit, type Db, type IssuedToken, tokenRepository, type User, userRepository } from '@sath/db'
import { lockMs, type Strangers } from '../auth/lockout.js'
import { passwordFits } from '../auth/passwords.js'

/** A sign-in ends when nobody has used it for so long. */
export const refreshTtlMs = 30 * 86_400_000

export interface SignedIn {
  readonly user: User
  readonly issued: IssuedToken
}

/**
 * Checks the password and begins a sign-in. An address without an account takes as long, is refused with the same words and
 * is locked as any other.
 *
 * @throws AppError bad-credentials, rate-limited (locked), email-not-verified, account-inactive
 */
export async function login(
  { db, strangers }: { readonly db: Db; readonly strangers: Strangers },
  { email, password }: { readonly email: string; readonly password: string },
  actor: Actor,
): Promise<SignedIn> {
  const users = userRepository(db)
  const user = await users.findForLogin(email)
  const lockedForMs = user ? user.lockedForMs : strangers.lockedForMs(email)
  if (lockedForMs > 0)
    throw new AppError('rate-limited', 'Too many wrong passwords; wait, or choose a new one by mail.', {
      retryAfterSeconds: Math.ceil(lockedForMs / 1000),
    })
  if (!(await passwordFits(password, user?.passwordHash))) {
    if (user) {
      await users.recordFailure(user.id, lockMs)
      await audit(db, actor, 'auth.login-failed', user.id)
    } else strangers.recordFailure(email)
    throw new AppError('bad-credentials', 'The address or the password is wrong.')
  }
  if (!user) throw new Error('a password fitted nobody')
  if (!user.isActive || user.deletingAt) throw new AppError('account-inactive', 'This account is closed.')
  if (!user.emailVerifiedAt) throw new AppError('email-not-verified', 'Confirm your address first; we sent you a link.')
  const { passwordHash: _, lockedForMs: __, ...visible } = user
  return db.transaction(async (tx) => {
    await userRepository(tx).recordLogin(user.id)
    const origin = { address: actor.address, agent: actor.agent }
    const issued = await tokenRepository(tx).startFamily(user.id, refreshTtlMs, origin)
    await audit(tx, { ...actor, id: user.id }, 'auth.login', user.id)
    return { user: visible, issued }
  })
}
