/**
 * Health check of a program that serves no HTTP: `node main-healthy.js gateway` ends with 0 when that program of this node
 * (SATH_NODE) said within the last 20 s that it serves, with 1 when not or when the database does not answer.
 */
import { hostname } from 'node:os'
import postgres from 'postgres'
import { presenceLostAfterMs } from './presence.js'

const [name] = process.argv.slice(2)
const url = process.env.DATABASE_URL
if (!name || !url) {
  console.error('usage: DATABASE_URL=… node main-healthy.js <program>')
  process.exit(64)
}
const sql = postgres(url, { max: 1, connect_timeout: 3, onnotice: () => {} })
try {
  const node = process.env.SATH_NODE || hostname()
  const rows = await sql`
    select 1 from programs
    where name = ${name} and node = ${node} and ready_at is not null
      and seen_at > now() - ${presenceLostAfterMs} * interval '1 millisecond'`
  process.exitCode = rows.length > 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await sql.end({ timeout: 1 })
}
