import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@sath/testkit'
import { asc } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as run } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import t from 'tap'
import { openDatabase } from './client.js'
import { migrate, pendingMigrations } from './migrate.js'
import { effectivePlan } from './plan-repository.js'
import { planGrants } from './schema/index.js'

interface Journal {
  readonly entries: readonly { readonly idx: number }[]
}

/** The migrations up to and with the one of this number, in a folder of their own. */
function migrationsUpTo(t: { teardown(run: () => unknown): void }, last: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'sath-migrations-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  cpSync(fileURLToPath(new URL('../migrations', import.meta.url)), folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.filter(({ idx }) => idx <= last) }))
  return folder
}

t.test('a database from before grants keeps everybody’s plan', async (t) => {
  const before = async (url: string) => {
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    await run(drizzle({ client: sql }), { migrationsFolder: migrationsUpTo(t, 3) })
    await sql.end()
  }
  const { url } = await testDatabase(t, { migrate: before, migrationsHash: '0003' })
  const database = openDatabase(url)
  t.teardown(() => database.close())
  const { db, sql } = database
  await sql`insert into plans (id, name, rank, price_month, price_year, modes, multi_timeframe, backtesting, ai_ensemble,
      api_access, log_retention_days, support, memory_mib, cpu)
    select id, id, rank, 0, 0, array['paper'], false, false, false, false, 7, 'none', 128, 0.25
    from (values ('free', 0), ('basic', 1), ('pro', 2)) as p (id, rank)`
  const until = new Date(Date.now() + 86_400_000)
  const past = new Date(Date.now() - 86_400_000)
  const rows = [
    { plan: 'pro', source: 'admin', until: null, is: ['pro', 'admin', null] },
    { plan: 'pro', source: 'admin', until, is: ['pro', 'admin', until.toISOString()] },
    { plan: 'pro', source: 'admin', until: past, is: ['free', 'default', null] },
    { plan: 'basic', source: 'promo', until, is: ['basic', 'promo', until.toISOString()] },
    { plan: 'basic', source: 'promo', until: null, is: ['basic', 'admin', null] },
    { plan: 'basic', source: 'stripe', until, is: ['basic', 'admin', until.toISOString()] },
    { plan: 'pro', source: 'default', until: null, is: ['pro', 'admin', null] },
    { plan: 'free', source: 'default', until: null, is: ['free', 'default', null] },
    { plan: 'free', source: 'admin', until: null, is: ['free', 'admin', null] },
  ].map((row) => ({ ...row, id: randomUUID() }))
  for (const { id, plan, source, until: end } of rows) {
    await sql`insert into users (id, email, password_hash) values (${id}, ${`${id}@example.com`}, 'x')`
    await sql`insert into subscriptions (tenant_id, plan_id, source, until, updated_at)
      values (${id}, ${plan}, ${source}, ${end?.toISOString() ?? null}, now() - interval '10 days')`
  }
  await migrate(url)
  t.same((await pendingMigrations(url)).pending, 0)
  for (const { id, plan, source, until: end, is } of rows) {
    const now = await effectivePlan(db, id)
    t.same([now.id, now.source, now.until], is, `${plan} by ${source} until ${end?.toISOString()}`)
  }
  const grants = await db.select().from(planGrants).orderBy(asc(planGrants.startsAt))
  t.equal(grants.length, 8, 'nobody needs a grant for the free plan')
  t.ok(grants.every(({ startsAt }) => startsAt.getTime() < past.getTime()))
  const [gone] = await sql`select to_regclass('subscriptions') as name`
  t.equal(gone?.name, null)
})
