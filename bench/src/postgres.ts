import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { type EmbeddedPostgres, startPostgres } from '@sath/embedded-postgres'
import type { Teardown } from '@sath/testkit'
import postgres from 'postgres'

/**
 * The server that comes with Sath, as durable as Sath starts it, and with one setting more: it remembers when each
 * transaction was committed. So the bench reads times of commits from rows and puts nothing into the programs' way.
 */
export async function benchPostgres(t: Teardown, directory: string): Promise<EmbeddedPostgres> {
  // Run by root, the server is another user, who must be able to pass.
  chmodSync(directory, 0o711)
  const home = join(directory, 'database')
  const first = await startPostgres({ home })
  const sql = postgres(first.url(), { max: 1 })
  await sql`alter system set track_commit_timestamp = on`
  await sql.end()
  await first.stop()
  const server = await startPostgres({ home, maxConnections: 120 })
  t.teardown(() => server.stop())
  return server
}
