import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as run } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

const folder = fileURLToPath(new URL('../migrations', import.meta.url))

/** Brings the database to the newest schema. Safe to call from several programs at once: an advisory lock lets one work. */
export async function migrate(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql`select pg_advisory_lock(hashtextextended('sath:migrate', 0))`
    await run(drizzle({ client: sql }), { migrationsFolder: folder })
  } finally {
    await sql.end()
  }
}

/** Changes whenever a migration changes; keys template databases in tests. */
export function migrationsHash(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort())
    hash.update(readFileSync(`${folder}/${name}`))
  return hash.digest('hex').slice(0, 16)
}

/** How many of this build's migrations the database has seen, and how many it has not. */
export async function pendingMigrations(url: string): Promise<{ readonly seen: number; readonly pending: number }> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const all = readdirSync(folder).filter((file) => file.endsWith('.sql')).length
    const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`
    if (!table?.name) return { seen: 0, pending: all }
    const [row] = await sql`select count(*)::int as n from drizzle.__drizzle_migrations`
    const seen = Number(row?.n ?? 0)
    return { seen, pending: all - seen }
  } finally {
    await sql.end()
  }
}
