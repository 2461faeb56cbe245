import { createHash, randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { sharedServer } from './shared-postgres.js'
import type { Teardown } from './teardown.js'

export interface TestDatabaseOptions {
  /** Brings an empty database up to date, and closes its connections. Runs once per `migrationsHash`. */
  readonly migrate: (url: string) => Promise<void>
  /** Changes when the migrations do, so that their result is built anew. */
  readonly migrationsHash: string
}

export interface TestDatabase {
  readonly url: string
  /** Ends all connections and removes the database; the teardown of `t` does it too. */
  drop(): Promise<void>
}

/**
 * A database of its own, freshly migrated: a copy of a template that the first caller builds. The server is the one named in
 * SATH_TEST_DATABASE_URL (an administrator's address), else one that all test processes of this user share.
 */
export async function testDatabase(t: Teardown, options: TestDatabaseOptions): Promise<TestDatabase> {
  const adminUrl = process.env.SATH_TEST_DATABASE_URL ?? (await sharedServer())
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    const template = await ensureTemplate(admin, adminUrl, options)
    const name = `test_${randomBytes(8).toString('hex')}`
    await admin`create database ${admin(name)} template ${admin(template)}`
    const drop = once(async () => {
      await admin`drop database if exists ${admin(name)} with (force)`
      await admin.end()
    })
    t.teardown(drop)
    return { url: withDatabase(adminUrl, name), drop }
  } catch (error) {
    await admin.end()
    throw error
  }
}

/** One builder at a time over all processes; a half-built template never carries the final name. */
async function ensureTemplate(admin: postgres.Sql, adminUrl: string, options: TestDatabaseOptions): Promise<string> {
  const template = `template_${createHash('sha256').update(options.migrationsHash).digest('hex').slice(0, 16)}`
  const exists = async () => (await admin`select 1 from pg_database where datname = ${template}`).length > 0
  if (await exists()) return template
  await admin`select pg_advisory_lock(hashtext(${template}))`
  try {
    if (await exists()) return template
    const half = `${template}_half`
    await admin`drop database if exists ${admin(half)} with (force)`
    await admin`create database ${admin(half)}`
    await options.migrate(withDatabase(adminUrl, half))
    await admin`alter database ${admin(half)} rename to ${admin(template)}`
    return template
  } finally {
    await admin`select pg_advisory_unlock(hashtext(${template}))`
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= run()
    return running
  }
}
