import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { bots, type Role, users } from './schema/index.js'

export type User = Omit<typeof users.$inferSelect, 'passwordHash'>
export interface NewUser {
  /** Any case; stored lower-case. */
  readonly email: string
  readonly passwordHash: string
  readonly name?: string | undefined
  readonly country?: string | undefined
  readonly locale?: string | undefined
  readonly role?: Role
  readonly verified?: boolean
}

/** Every column but the hash of the password. */
const columns = {
  id: users.id,
  email: users.email,
  name: users.name,
  country: users.country,
  locale: users.locale,
  role: users.role,
  isActive: users.isActive,
  emailVerifiedAt: users.emailVerifiedAt,
  failedLogins: users.failedLogins,
  lockedUntil: users.lockedUntil,
  lastLoginAt: users.lastLoginAt,
  deletingAt: users.deletingAt,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
}

/** Users, for signing in and profiles. */
export function userRepository(db: Db) {
  return {
    /** Inserts the user and the (stopped) bot of the same id, in one transaction; undefined when the address is taken. */
    create(user: NewUser): Promise<User | undefined> {
      return db.transaction(async (tx) => {
        const [row] = await tx
          .insert(users)
          .values({
            email: user.email.toLowerCase(),
            passwordHash: user.passwordHash,
            name: user.name ?? null,
            country: user.country ?? null,
            ...(user.locale === undefined ? {} : { locale: user.locale }),
            role: user.role ?? 'subscriber',
            emailVerifiedAt: user.verified ? sql`now()` : null,
          })
          .onConflictDoNothing({ target: users.email })
          .returning(columns)
        if (row) await tx.insert(bots).values({ tenantId: row.id })
        return row
      })
    },
    /** Holds the user's row until the end of the transaction, as whatever ends their access does. */
    async lock(id: string): Promise<void> {
      await db.select({ id: users.id }).from(users).where(eq(users.id, id)).for('no key update')
    },
    async findById(id: string): Promise<User | undefined> {
      const [row] = await db.select(columns).from(users).where(eq(users.id, id))
      return row
    },
    async findByEmail(email: string): Promise<User | undefined> {
      const [row] = await db.select(columns).from(users).where(eq(users.email, email.toLowerCase()))
      return row
    },
    /** What a sign-in is checked against. `lockedForMs` is 0 when it is not locked. */
    async findForLogin(
      email: string,
    ): Promise<(User & { readonly passwordHash: string; readonly lockedForMs: number }) | undefined> {
      const [row] = await db
        .select({
          ...columns,
          passwordHash: users.passwordHash,
          lockedForMs: sql<number>`greatest(0, extract(epoch from ${users.lockedUntil} - now()) * 1000)::float8`,
        })
        .from(users)
        .where(eq(users.email, email.toLowerCase()))
      return row ? { ...row, lockedForMs: row.lockedForMs ?? 0 } : undefined
    },
    /** Counts a wrong password and locks for as long as `lockMs` says about the new count. */
    async recordFailure(id: string, lockMs: (failures: number) => number): Promise<void> {
      await db.transaction(async (tx) => {
        const [row] = await tx
          .update(users)
          .set({ failedLogins: sql`${users.failedLogins} + 1` })
          .where(eq(users.id, id))
          .returning({ failures: users.failedLogins })
        const ms = row ? lockMs(row.failures) : 0
        if (ms > 0)
          await tx
            .update(users)
            .set({ lockedUntil: sql`now() + ${ms} * interval '1 millisecond'` })
            .where(eq(users.id, id))
      })
    },
    async recordLogin(id: string): Promise<void> {
      await db
        .update(users)
        .set({ failedLogins: 0, lockedUntil: null, lastLoginAt: sql`now()` })
        .where(eq(users.id, id))
    },
    async markVerified(id: string): Promise<void> {
      await db
        .update(users)
        .set({ emailVerifiedAt: sql`now()`, updatedAt: sql`now()` })
        .where(and(eq(users.id, id), isNull(users.emailVerifiedAt)))
    },
    /** Also ends a lock-out: whoever can set the password has proved to own the address. */
    async setPassword(id: string, passwordHash: string): Promise<void> {
      await db
        .update(users)
        .set({ passwordHash, failedLogins: 0, lockedUntil: null, updatedAt: sql`now()` })
        .where(eq(users.id, id))
    },
    async updateProfile(
      id: string,
      profile: { readonly name?: string | null; readonly country?: string | null; readonly locale?: string },
    ): Promise<User | undefined> {
      const [row] = await db
        .update(users)
        .set({ ...profile, updatedAt: sql`now()` })
        .where(eq(users.id, id))
        .returning(columns)
      return row
    },
  }
}
export type UserRepository = ReturnType<typeof userRepository>
