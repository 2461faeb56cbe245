import type { Db } from '@sath/db'
import { sql } from 'drizzle-orm'

/** What dealing with events writes. */
const tables = [
  'billing_customers',
  'stripe_subscriptions',
  'plan_grants',
  'payments',
  'mailed_facts',
  'outbox',
  'stripe_events',
] as const
const columns = tables.map((table) => `(select coalesce(json_agg(r), '[]') from ${table} r)::text as ${table}`)
const readAll = sql.raw(`select ${columns.join()}, clock_timestamp()::text as now`)

/** All rows of billing as they are. */
export interface Rows {
  /** JSON of each table. */
  readonly json: Readonly<Record<(typeof tables)[number], string>>
  /** Says the same of rows that are alike in all but random ids and the moments in which they were written. */
  readonly name: string
}

/** Reads the rows of billing, and puts them back. Rows that somebody changed are to be read before others are put. */
export interface RowKeeper {
  read(): Promise<Rows>
  put(rows: Rows): Promise<void>
}

export function rowKeeper(db: Db): RowKeeper {
  let here: Rows['json'] | undefined
  return {
    async read() {
      const [row] = await db.execute<Rows['json'] & { now: string }>(readAll)
      if (!row) throw new Error('no rows')
      const { now, ...json } = row
      here = json
      return { json, name: tables.map((table) => nameOf(json[table], Date.parse(now))).join() }
    },
    async put({ json }) {
      const others = tables.filter((table) => json[table] !== here?.[table])
      here = json
      if (others.length === 0) return
      const statements = others.map((table) => {
        const rows = `'${json[table].replaceAll("'", "''")}'`
        return `delete from ${table}; insert into ${table} select * from json_populate_recordset(null::${table}, ${rows})`
      })
      // Several statements in one go are one transaction.
      await db.execute(sql.raw(statements.join(';')))
    },
  }
}

function nameOf(json: string, now: number): string {
  const alike = (key: string, value: unknown) => {
    if (typeof value !== 'string') return value
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return key === 'tenant_id' ? value : 'an id'
    // Of a moment that is over it counts that it is.
    return /^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/.test(value) && Date.parse(value) <= now ? 'over' : value
  }
  const all = JSON.parse(json) as readonly unknown[]
  return `${all.map((row) => JSON.stringify(row, alike)).sort()}`
}
