import type { Teardown } from '@sath/testkit'
import { type TestDatabase, testDatabase } from '@sath/testkit'
import { type Database, openDatabase } from './client.js'
import { migrate, migrationsHash } from './migrate.js'
import { ensureWallClockDays } from './partitions.js'
import { seedPlans } from './seed.js'

/** A migrated, seeded database of the test's own. Development only; closed and dropped with the test. */
export async function openTestDatabase(
  t: Teardown,
): Promise<Database & { readonly url: string; readonly drop: TestDatabase['drop'] }> {
  const { url, drop } = await testDatabase(t, { migrate, migrationsHash: migrationsHash() })
  const database = openDatabase(url)
  t.teardown(() => database.close())
  // The template's would make one installation of all tests, and their containers visible to each other.
  await database.sql`update installation set id = gen_random_uuid()`
  await seedPlans(database.db)
  await ensureWallClockDays(database.db, Date.now())
  return { ...database, url, drop }
}
