import { sql } from 'drizzle-orm'
import { boolean, check, customType, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, instant, oneOf } from './columns.js'

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
  toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
})

export const roles = ['subscriber', 'support', 'admin', 'superadmin'] as const
export type Role = (typeof roles)[number]

/** Everyone who can sign in. A subscriber's user id is also the tenant id. */
export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Stored lower-case. */
    email: text().notNull(),
    /** argon2id in PHC form. */
    passwordHash: text().notNull(),
    name: text(),
    country: text(),
    locale: text().notNull().default('en'),
    role: text({ enum: roles }).notNull().default('subscriber'),
    isActive: boolean().notNull().default(true),
    emailVerifiedAt: instant(),
    failedLogins: integer().notNull().default(0),
    lockedUntil: instant(),
    lastLoginAt: instant(),
    /** Set once erasure was asked for; the bot is stopped with proof first. */
    deletingAt: instant(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (t) => [
    uniqueIndex('users_email_unique').on(t.email),
    index('users_created_at').on(t.createdAt),
    // Looked through every few seconds: the few who are leaving, not everybody.
    index('users_deleting').on(t.deletingAt).where(sql`${t.deletingAt} is not null`),
    check('users_email_lower', sql`${t.email} = lower(${t.email}) and position('@' in ${t.email}) > 1`),
    check('users_role', oneOf(t.role, roles)),
  ],
)

/** Refresh tokens, hashed. A family is one sign-in; using a spent token revokes the whole family. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    familyId: uuid().notNull(),
    tokenHash: text().notNull(),
    expiresAt: instant().notNull(),
    spentAt: instant(),
    revokedAt: instant(),
    address: text(),
    agent: text(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('refresh_tokens_hash').on(t.tokenHash),
    index('refresh_tokens_family').on(t.familyId),
    index('refresh_tokens_user').on(t.userId),
  ],
)

export const oneTimePurposes = ['verify-email', 'reset-password'] as const
export const oneTimeTokens = pgTable(
  'one_time_tokens',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text({ enum: oneTimePurposes }).notNull(),
    tokenHash: text().notNull(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('one_time_tokens_hash').on(t.tokenHash),
    index('one_time_tokens_user').on(t.userId),
    check('one_time_tokens_purpose', oneOf(t.purpose, oneTimePurposes)),
  ],
)
