import { type Actor, audit, type Db, outboxRepository, tokenRepository, type User, userRepository } from '@sath/db'
import { hashPassword } from '../auth/passwords.js'
import { assertStrong } from '../auth/weak-password.js'
import { alreadyRegisteredMail } from '../mail/letters/already-registered-mail.js'
import { verifyHours, verifyMail } from '../mail/letters/verify-mail.js'

const hourMs = 3_600_000
/** Per address and hour, whoever asks. */
export const mailsPerHour = 5

export interface Registration {
  readonly email: string
  readonly password: string
  readonly name?: string | undefined
  readonly country?: string | undefined
  readonly locale?: string | undefined
}

/**
 * Makes an account that waits for its address to be confirmed. For an address that has one it only tells the owner by mail;
 * while that account is unconfirmed the newest password counts, because it is the one the link in the newest mail confirms.
 *
 * @throws AppError weak-password
 */
export async function register(
  { db, publicUrl }: { readonly db: Db; readonly publicUrl: string },
  registration: Registration,
  actor: Actor,
): Promise<void> {
  assertStrong(registration.password, registration.email)
  const passwordHash = await hashPassword(registration.password)
  await db.transaction(async (tx) => {
    const users = userRepository(tx)
    const created = await users.create({ ...registration, passwordHash })
    const user = created ?? (await users.findByEmail(registration.email))
    const outbox = outboxRepository(tx)
    if (!user?.isActive || user.deletingAt || (await outbox.countAskedFor(user.email)) >= mailsPerHour) return
    if (user.emailVerifiedAt) return outbox.add(alreadyRegisteredMail({}, { ...user, publicUrl }))
    if (!created) await users.setPassword(user.id, passwordHash)
    await sendVerification(tx, user, publicUrl)
    await audit(tx, actor, created ? 'auth.register' : 'auth.register-again', user.id)
  })
}

async function sendVerification(tx: Db, user: User, publicUrl: string): Promise<void> {
  const tokens = tokenRepository(tx)
  await tokens.voidOneTime(user.id, 'verify-email')
  const token = await tokens.createOneTime(user.id, 'verify-email', verifyHours * hourMs)
  await outboxRepository(tx).add(verifyMail({ token }, { ...user, publicUrl }))
}
