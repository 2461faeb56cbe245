import { type SQL, sql } from 'drizzle-orm'
import { type AnyPgColumn, numeric, timestamp } from 'drizzle-orm/pg-core'

/** An instant; read as a Date. */
export const instant = () => timestamp({ withTimezone: true, precision: 3 })
/** Now as such a column rounds it: what was written as now is never ahead of it. Unrounded it may be, by half a millisecond. */
export const nowAsStored = sql`now()::timestamptz(3)`
export const createdAt = () => instant().notNull().defaultNow()

/** Exact money or size; read and written as a decimal string. */
export const exact = () => numeric({ precision: 38, scale: 18 })

/** A check that the column holds one of a closed list of words. */
export function oneOf(column: AnyPgColumn, words: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`
}

/** A check that the column looks like a currency code. */
export function isCurrencyCode(column: AnyPgColumn): SQL {
  return sql`${column} ~ '^[A-Z0-9]{2,10}$'`
}
