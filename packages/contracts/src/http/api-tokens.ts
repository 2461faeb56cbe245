import { z } from 'zod'
import { Id, Time } from './common.js'

/** `read`: look at everything about the bot. `trade`: the same, and start, stop, configure and trade. */
export const tokenScopes = ['read', 'trade'] as const

/** With what a subscriber's own programs use the API; the token itself is never told again. */
export const ApiToken = z
  .object({
    id: Id,
    name: z.string(),
    scope: z.enum(tokenScopes),
    /** Its last 4 characters. */
    hint: z.string(),
    createdAt: Time,
    /** Null: it has no end. */
    expiresAt: Time.nullable(),
    /** Null: never. To the minute. */
    lastUsedAt: Time.nullable(),
  })
  .meta({ id: 'ApiToken' })
export type ApiToken = z.infer<typeof ApiToken>

/** Newest first; there are never more than fit on one page. */
export const ApiTokens = z.object({ items: z.array(ApiToken), nextCursor: z.null() })
export type ApiTokens = z.infer<typeof ApiTokens>

/** `days` from now; absent: without end. */
export const NewApiToken = z.strictObject({
  name: z.string().trim().min(1).max(60),
  scope: z.enum(tokenScopes),
  days: z.int().min(1).max(365).optional(),
})
export type NewApiToken = z.infer<typeof NewApiToken>

/** Shown this once. */
export const CreatedApiToken = ApiToken.extend({ token: z.string() }).meta({ id: 'CreatedApiToken' })
export type CreatedApiToken = z.infer<typeof CreatedApiToken>
