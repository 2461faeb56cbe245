import { type Db, userRepository, users } from '@sath/db'
import { sql } from 'drizzle-orm'
import { hashPassword } from '../auth/passwords.js'
import { assertStrong } from '../auth/weak-password.js'

/**
 * Makes the first superadmin, already confirmed, unless there is one. An account that the address has already is raised and
 * gets the password. Safe to repeat and to run twice at once. False: there was one.
 *
 * @throws AppError weak-password
 */
export async function createFirstAdmin(
  db: Db,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<boolean> {
  const exists = (tx: Db) => tx.$count(users, sql`role = 'superadmin' and is_active and deleting_at is null`)
  if ((await exists(db)) > 0) return false
  assertStrong(password, email)
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('sath:first-admin', 0))`)
    if ((await exists(tx)) > 0) return false
    const repository = userRepository(tx)
    const created = await repository.create({ email, passwordHash, role: 'superadmin', verified: true })
    const user = created ?? (await repository.findByEmail(email))
    if (!user) throw new Error('the address is taken by nobody')
    if (!created) {
      await repository.setPassword(user.id, passwordHash)
      await repository.markVerified(user.id)
      await tx
        .update(users)
        .set({ role: 'superadmin', isActive: true, deletingAt: null })
        .where(sql`${users.id} = ${user.id}`)
    }
    return true
  })
}
