import { AppError } from '@sath/core'
import { type Actor, audit, type Db, outboxRepository, tokenRepository, userRepository } from '@sath/db'
import { hashPassword } from '../auth/passwords.js'
import { assertStrong } from '../auth/weak-password.js'
import { resetHours, resetMail } from '../mail/letters/reset-mail.js'
import { mailsPerHour } from './register.js'

/** Sends a link to choose a new password, where there is an account; says nothing about it. */
export function forgotPassword(
  { db, publicUrl }: { readonly db: Db; readonly publicUrl: string },
  email: string,
  actor: Actor,
): Promise<void> {
  return db.transaction(async (tx) => {
    const user = await userRepository(tx).findByEmail(email)
    const outbox = outboxRepository(tx)
    const recent = await outbox.countAskedFor(email)
    if (!user?.isActive || user.deletingAt || recent >= mailsPerHour) return
    const token = await tokenRepository(tx).createOneTime(user.id, 'reset-password', resetHours * 3_600_000)
    await outbox.add(resetMail({ token }, { ...user, publicUrl }))
    await audit(tx, actor, 'auth.forgot-password', user.id)
  })
}

/**
 * Sets a new password; every session ends, and a lock-out too. Who had the mail owns the address, so it counts as confirmed.
 * Returns the user's id.
 *
 * @throws AppError invalid-token, weak-password
 */
export async function resetPassword(
  db: Db,
  { token, password }: { readonly token: string; readonly password: string },
  actor: Actor,
): Promise<string> {
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    const tokens = tokenRepository(tx)
    const userId = await tokens.useOneTime(token, 'reset-password')
    const user = userId ? await userRepository(tx).findById(userId) : undefined
    if (!user) throw new AppError('invalid-token', 'This link is not valid any more.')
    // Refusing rolls back: the link works for the next try.
    assertStrong(password, user.email)
    await userRepository(tx).setPassword(user.id, passwordHash)
    await userRepository(tx).markVerified(user.id)
    await tokens.voidOneTime(user.id, 'reset-password')
    await tokens.revokeAll(user.id)
    await audit(tx, { ...actor, id: user.id }, 'auth.reset-password', user.id)
    return user.id
  })
}
