import { AppError } from '@sath/core'
import { type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'

/** Which slice of a list is wanted. Lists are newest first. */
export interface PageRequest {
  /** 1…1000, as the caller allows. */
  readonly limit: number
  /** `nextCursor` of the page before; opaque to clients. */
  readonly cursor?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Null: there is nothing older. */
  readonly nextCursor: string | null
}

/** One column of the order of a list. Together they must be unique, or a page could skip rows. */
export interface SortKey {
  readonly column: AnyPgColumn | SQL
  readonly type: keyof typeof parsers
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Type of a sort key → what its cursor part must look like, so that Postgres is never asked to parse a stranger's text. */
const parsers = {
  timestamptz: (part: unknown) => Number.isSafeInteger(part) && Math.abs(part as number) < 253_402_300_800_000,
  uuid: (part: unknown) => typeof part === 'string' && uuid.test(part),
  bigint: (part: unknown) => Number.isSafeInteger(part),
  text: (part: unknown) => typeof part === 'string' && part.length <= 100 && !/[\0\p{Surrogate}]/u.test(part),
} as const

/** Rows after the cursor in descending order of `keys`; undefined on the first page. @throws AppError invalid-request */
export function afterCursor(keys: readonly SortKey[], cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const parts = decode(cursor)
  if (parts?.length !== keys.length || !keys.every((key, index) => parsers[key.type](parts[index])))
    throw new AppError('invalid-request', 'The cursor is not one of ours.', {
      errors: [{ path: 'cursor', message: 'must be the nextCursor of an earlier answer' }],
    })
  const columns = keys.map((key) => sql`${key.column}`)
  const values = keys.map((key, index) => {
    const part = parts[index]
    const value = key.type === 'timestamptz' ? new Date(part as number).toISOString() : part
    return sql`${value}::${sql.raw(key.type)}`
  })
  return sql`(${sql.join(columns, sql`, `)}) < (${sql.join(values, sql`, `)})`
}

/** Cuts the one row too many that was read to know whether there is more. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keysOf: (row: Row) => readonly (Date | string | number)[],
  toItem: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return {
    items: kept.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encode(keysOf(last)) : null,
  }
}

function encode(parts: readonly (Date | string | number)[]): string {
  const plain = parts.map((part) => (part instanceof Date ? part.getTime() : part))
  return Buffer.from(JSON.stringify(plain)).toString('base64url')
}

function decode(cursor: string): unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) ? parts : undefined
  } catch {
    return undefined
  }
}
