import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './errors.js'
import { readPostmaster, servesDirectory, waitForExit } from './postmaster.js'
import { isListed } from './processes.js'

/**
 * Clears what a killed launcher left behind. A server that still runs on the data directory is shut down properly; a noted
 * number that now belongs to another program is forgotten. That no orphan of the old server still uses the data is checked by
 * PostgreSQL itself, by its shared memory.
 *
 * @throws EmbeddedPostgresError failed
 */
export async function clearLeftover(dataDirectory: string): Promise<'nothing' | 'stopped' | 'stale'> {
  const noted = readPostmaster(dataDirectory)
  if (!noted) return 'nothing'
  if (await servesDirectory(noted, dataDirectory)) {
    process.kill(noted.pid, 'SIGINT')
    if (await waitForExit(noted.pid, 60_000)) return 'stopped'
    throw new EmbeddedPostgresError(
      'failed',
      `The PostgreSQL of an earlier run (process ${noted.pid}) on ${dataDirectory} does not stop; end it and start again.`,
    )
  }
  // PostgreSQL would take any process of that number, even a zombie, for the old server.
  if (isListed(noted.pid)) rmSync(join(dataDirectory, 'postmaster.pid'), { force: true })
  return 'stale'
}
