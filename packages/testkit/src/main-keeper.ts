/** Owns the shared test server: `node main-keeper.js <home>`. Ends it when it is told to, or when nobody uses it any more. */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { EmbeddedPostgresError, startPostgres } from '@sath/embedded-postgres'
import postgres from 'postgres'
import { addressFile } from './shared-postgres.js'

const idleMs = 20_000
const everyMs = 500

const home = process.argv[2]
if (!home) throw new Error('usage: main-keeper.js <home>')

const server = await startPostgres({ home, durable: false, maxConnections: 300 }).catch((error) => {
  // Somebody else's keeper was faster; its address is or will be there.
  if (error instanceof EmbeddedPostgresError && error.code === 'already-running') process.exit(0)
  throw error
})
const admin = postgres(server.url('postgres'), { max: 1, onnotice: () => {} })
// What killed test processes left.
for (const { datname } of await admin`select datname from pg_database where datname ~ '^(test|template)_'`) {
  await admin`drop database if exists ${admin(datname)} with (force)`
}
const address = addressFile(home)
writeFileSync(`${address}.new`, server.url('postgres'), { mode: 0o600 })
renameSync(`${address}.new`, address)

let told = false
process.once('SIGTERM', () => {
  told = true
})
process.once('SIGINT', () => {
  told = true
})

async function others(): Promise<number> {
  const [row] = await admin`
    select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`
  return row?.n ?? 0
}

let lastUse = performance.now()
while (!told && performance.now() - lastUse < idleMs) {
  await delay(everyMs)
  if ((await others()) > 0) lastUse = performance.now()
}
rmSync(address, { force: true })
// Who read the address just now connects within this time, or asks again.
while (!told) {
  await delay(2 * everyMs)
  if ((await others()) === 0) break
}
await admin.end({ timeout: 1 })
await server.stop()
