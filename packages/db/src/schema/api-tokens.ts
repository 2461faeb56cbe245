import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, instant, oneOf } from './columns.js'
import { users } from './users.js'

export const apiTokenScopes = ['read', 'trade'] as const

/** With what a subscriber's own programs use the API. A trigger lets a user have `maxApiTokens` of them. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    scope: text({ enum: apiTokenScopes }).notNull(),
    /** SHA-256 of the token, hex; the token itself is nowhere. */
    tokenHash: text().notNull(),
    /** Its last four characters. */
    hint: text().notNull(),
    /** Null: without end. */
    expiresAt: instant(),
    /** To the minute; null: never. */
    lastUsedAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('api_tokens_hash').on(t.tokenHash),
    index('api_tokens_user').on(t.userId),
    check('api_tokens_scope', oneOf(t.scope, apiTokenScopes)),
    check('api_tokens_name', sql`length(${t.name}) between 1 and 60`),
    check('api_tokens_is_hashed', sql`${t.tokenHash} ~ '^[0-9a-f]{64}$' and length(${t.hint}) = 4`),
  ],
)
