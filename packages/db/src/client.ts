import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { hangUp } from './bell.js'
import { survivingPool } from './lost-line.js'
import { ownedSocket } from './owned-socket.js'
import * as schema from './schema/index.js'

/** A connection pool or an open transaction: repositories take either. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, typeof schema>

export interface Database {
  readonly db: PostgresJsDatabase<typeof schema>
  /** The pool below, for LISTEN, advisory locks and COPY. */
  readonly sql: postgres.Sql
  close(): Promise<void>
}

/** Opens a pool. Connects on first use, so a database that is down is met by the first query. */
export function openDatabase(url: string, options: { readonly max?: number; readonly name?: string } = {}): Database {
  const settings = {
    // Known to the driver, not to its types.
    socket: ownedSocket,
    max: options.max ?? 10,
    connect_timeout: 5,
    // The driver asks for array types on every new line and leaves that answer to nobody: a line lost just then would end the
    // process. Arrays are read as JSON, or by drizzle.
    fetch_types: false,
    idle_timeout: 60,
    // Seconds. The driver's own grows to 20 with the number of connections lost at once; a database that is back is wanted now.
    backoff: () => 0.05 + Math.random() * 0.45,
    onnotice: () => {},
    connection: {
      application_name: options.name ?? 'sath',
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
    },
  }
  const pool = postgres(url, settings)
  const sql = survivingPool(pool)
  const close = async () => {
    await hangUp(sql)
    await sql.end({ timeout: 5 })
  }
  return { db: drizzle({ client: sql, schema, casing: 'snake_case' }), sql, close }
}
