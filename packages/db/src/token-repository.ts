import { randomUUID } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { randomToken, tokenHash } from './random-token.js'
import { apiTokens, type oneTimePurposes, oneTimeTokens, type Role, refreshTokens, users } from './schema/index.js'

export type OneTimePurpose = (typeof oneTimePurposes)[number]

/** A refresh token as given to a client, and the sign-in it belongs to. */
export interface IssuedToken {
  readonly token: string
  readonly familyId: string
}

/** What presenting a refresh token came to. `reused`: it was spent before, and its family has just been revoked. */
export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: string; readonly issued: IssuedToken }
  | { readonly kind: 'reused'; readonly userId: string }
  | { readonly kind: 'unknown' }

interface Origin {
  readonly address: string | null
  readonly agent: string | null
}

/** Refresh tokens and one-time tokens: 256 random bits each, stored as SHA-256 only. */
export function tokenRepository(db: Db) {
  const insert = async (tx: Db, userId: string, familyId: string, ttlMs: number, origin: Origin) => {
    const token = randomToken()
    await tx.insert(refreshTokens).values({
      userId,
      familyId,
      tokenHash: tokenHash(token),
      expiresAt: sql`now() + ${ttlMs} * interval '1 millisecond'`,
      ...origin,
    })
    return { token, familyId }
  }
  const revoke = async (tx: Db, condition: ReturnType<typeof eq>) => {
    await tx
      .update(refreshTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(condition, isNull(refreshTokens.revokedAt)))
  }
  return {
    /** Begins a family: one sign-in. */
    startFamily(userId: string, ttlMs: number, origin: Origin): Promise<IssuedToken> {
      return insert(db, userId, randomUUID(), ttlMs, origin)
    },
    /** Spends the token and gives the next of its family; exactly one of several simultaneous callers gets it. */
    rotate(token: string, ttlMs: number, origin: Origin): Promise<Rotation> {
      return db.transaction(async (tx) => {
        const [row] = await tx
          .select({
            id: refreshTokens.id,
            userId: refreshTokens.userId,
            familyId: refreshTokens.familyId,
            spentAt: refreshTokens.spentAt,
            isLive: sql<boolean>`${refreshTokens.revokedAt} is null and ${refreshTokens.expiresAt} > now()`,
          })
          .from(refreshTokens)
          .where(eq(refreshTokens.tokenHash, tokenHash(token)))
          .for('update')
        if (!row) return { kind: 'unknown' }
        if (row.spentAt) {
          await revoke(tx, eq(refreshTokens.familyId, row.familyId))
          return { kind: 'reused', userId: row.userId }
        }
        if (!row.isLive) return { kind: 'unknown' }
        await tx.update(refreshTokens).set({ spentAt: sql`now()` }).where(eq(refreshTokens.id, row.id))
        return {
          kind: 'rotated',
          userId: row.userId,
          issued: await insert(tx, row.userId, row.familyId, ttlMs, origin),
        }
      })
    },
    revokeFamily(familyId: string): Promise<void> {
      return revoke(db, eq(refreshTokens.familyId, familyId))
    },
    /** Ends every session of the user, and deletes their API tokens. */
    async revokeAll(userId: string): Promise<void> {
      await revoke(db, eq(refreshTokens.userId, userId))
      await db.delete(apiTokens).where(eq(apiTokens.userId, userId))
    },
    /** The family of a refresh token, whatever its state. */
    async familyOf(token: string): Promise<{ readonly familyId: string; readonly userId: string } | undefined> {
      const [row] = await db
        .select({ familyId: refreshTokens.familyId, userId: refreshTokens.userId })
        .from(refreshTokens)
        .where(eq(refreshTokens.tokenHash, tokenHash(token)))
      return row
    },
    /** Who holds this sign-in, when neither it nor the user's access has ended. */
    async session(userId: string, familyId: string): Promise<{ readonly role: Role } | undefined> {
      const [row] = await db
        .select({ role: users.role })
        .from(users)
        .where(
          and(
            eq(users.id, userId),
            eq(users.isActive, true),
            isNull(users.deletingAt),
            sql`exists (select from ${refreshTokens} where ${refreshTokens.familyId} = ${familyId}
              and ${refreshTokens.userId} = ${users.id} and ${refreshTokens.revokedAt} is null)`,
          ),
        )
      return row
    },
    async createOneTime(userId: string, purpose: OneTimePurpose, ttlMs: number): Promise<string> {
      const token = randomToken()
      await db.insert(oneTimeTokens).values({
        userId,
        purpose,
        tokenHash: tokenHash(token),
        expiresAt: sql`now() + ${ttlMs} * interval '1 millisecond'`,
      })
      return token
    },
    /** Uses the token up; undefined when it is unknown, expired, of another purpose or used. Returns its user. */
    async useOneTime(token: string, purpose: OneTimePurpose): Promise<string | undefined> {
      const [row] = await db
        .update(oneTimeTokens)
        .set({ usedAt: sql`now()` })
        .where(
          and(
            eq(oneTimeTokens.tokenHash, tokenHash(token)),
            eq(oneTimeTokens.purpose, purpose),
            isNull(oneTimeTokens.usedAt),
            gt(oneTimeTokens.expiresAt, sql`now()`),
          ),
        )
        .returning({ userId: oneTimeTokens.userId })
      return row?.userId
    },
    /** Voids what is left of the user's tokens of one purpose, for example after a reset. */
    async voidOneTime(userId: string, purpose: OneTimePurpose): Promise<void> {
      await db
        .update(oneTimeTokens)
        .set({ usedAt: sql`now()` })
        .where(and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, purpose), isNull(oneTimeTokens.usedAt)))
    },
    /** Forgets what can no longer be used: expired for a day. */
    async sweep(): Promise<void> {
      await db.delete(refreshTokens).where(sql`${refreshTokens.expiresAt} < now() - interval '1 day'`)
      await db.delete(oneTimeTokens).where(sql`${oneTimeTokens.expiresAt} < now() - interval '1 day'`)
      await db.delete(apiTokens).where(sql`${apiTokens.expiresAt} < now() - interval '1 day'`)
    },
  }
}
export type TokenRepository = ReturnType<typeof tokenRepository>
