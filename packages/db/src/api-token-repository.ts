import { AppError } from '@sath/core'
import { and, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { randomToken, tokenHash } from './random-token.js'
import { type apiTokenScopes, apiTokens, users } from './schema/index.js'
import { sqlState } from './sql-state.js'

/** API tokens that one user may have, expired ones until they are swept included. A trigger holds it. */
export const maxApiTokens = 20

export type ApiTokenScope = (typeof apiTokenScopes)[number]
export type ApiTokenRow = Omit<typeof apiTokens.$inferSelect, 'tokenHash'>
export interface NewApiToken {
  readonly name: string
  readonly scope: ApiTokenScope
  /** From now; undefined: without end. */
  readonly days?: number | undefined
}

/** Who holds an API token that stands. */
export interface ApiTokenHolder {
  readonly id: string
  readonly userId: string
  readonly scope: ApiTokenScope
  readonly expiresAt: Date | null
  /** Whether the plan in force has API access. */
  readonly hasAccess: boolean
  /** Whether its last use was written down a minute ago or more. */
  readonly isUseDue: boolean
}

const { tokenHash: _, ...columns } = getTableColumns(apiTokens)
const isUseDue = sql<boolean>`coalesce(${apiTokens.lastUsedAt} <= now() - interval '1 minute', true)`

/** API tokens of one user. Bound to its user at birth, so no query can forget the filter. */
export function apiTokenRepository(db: Db, userId: string) {
  const mine = eq(apiTokens.userId, userId)
  return {
    /** Newest first. */
    list(): Promise<ApiTokenRow[]> {
      return db.select(columns).from(apiTokens).where(mine).orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
    },
    count(): Promise<number> {
      return db.$count(apiTokens, mine)
    },
    /** The token is told this once. @throws AppError too-many-tokens */
    async create({ name, scope, days }: NewApiToken): Promise<{ readonly row: ApiTokenRow; readonly token: string }> {
      const token = `sath_${randomToken()}`
      const expiresAt = days === undefined ? null : sql`now() + ${days} * interval '24 hours'`
      try {
        const [row] = await db
          .insert(apiTokens)
          .values({ userId, name, scope, tokenHash: tokenHash(token), hint: token.slice(-4), expiresAt })
          .returning(columns)
        if (!row) throw new Error('the insert returned nothing')
        return { row, token }
      } catch (error) {
        if (sqlState(error) !== 'ST001') throw error
        throw new AppError(
          'too-many-tokens',
          `There are ${maxApiTokens} API tokens, which is the most; delete one first.`,
        )
      }
    },
    /** False: there is no such token. */
    async remove(id: string): Promise<boolean> {
      const rows = await db
        .delete(apiTokens)
        .where(and(mine, eq(apiTokens.id, id)))
        .returning({ id: apiTokens.id })
      return rows.length > 0
    },
  }
}
export type ApiTokenRepository = ReturnType<typeof apiTokenRepository>

/** Whether a text has the form of an API token; everything else is spared the question whose it is. */
export function isApiToken(text: string): boolean {
  return /^sath_[\w-]{43}$/.test(text)
}

/** Who holds the token with this hash; undefined: nobody, it has expired, or its user's access has ended. */
export async function findApiToken(db: Db, hash: string): Promise<ApiTokenHolder | undefined> {
  const [row] = await db
    .select({
      id: apiTokens.id,
      userId: apiTokens.userId,
      scope: apiTokens.scope,
      expiresAt: apiTokens.expiresAt,
      hasAccess: sql<boolean>`e.api_access`,
      isUseDue,
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .innerJoin(sql`effective_plans e`, sql`e.tenant_id = ${apiTokens.userId}`)
    .where(
      and(
        eq(apiTokens.tokenHash, hash),
        sql`coalesce(${apiTokens.expiresAt} > now(), true)`,
        eq(users.isActive, true),
        isNull(users.deletingAt),
      ),
    )
  return row
}

/** Writes down that a token is used, at most once a minute. */
export async function noteApiTokenUse(db: Db, id: string): Promise<void> {
  await db
    .update(apiTokens)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiTokens.id, id), isUseDue))
}
