/**
 * Brings the database at DATABASE_URL to this build's schema and puts the plans in: `node main-migrate.js`. Does nothing
 * when that is done already; ends with 1 and one sentence when it cannot be.
 */
import { openDatabase } from './client.js'
import { migrate } from './migrate.js'
import { seedPlans } from './seed.js'

const url = process.env.DATABASE_URL
if (!url) {
  console.error('DATABASE_URL is not set; it says which database to migrate.')
  process.exit(64)
}
const database = openDatabase(url, { max: 1, name: 'sath-migrate' })
try {
  await migrate(url)
  await seedPlans(database.db)
  console.log('The database is ready.')
} catch (error) {
  console.error(`The database cannot be migrated: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
} finally {
  await database.close()
}
