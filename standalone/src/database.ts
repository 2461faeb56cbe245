import { join } from 'node:path'
import { migrate, openDatabase, pendingMigrations, seedPlans } from '@sath/db'
import { coldCopy, type EmbeddedPostgres, EmbeddedPostgresError, startPostgres } from '@sath/embedded-postgres'
import type { Config } from './config.js'
import { StartError } from './start-error.js'

export interface RunningDatabase {
  readonly url: string
  /** The embedded server; undefined when DATABASE_URL names another. */
  readonly embedded: EmbeddedPostgres | undefined
  stop(): Promise<void>
}

type Say = (line: string) => void

/**
 * A database that can be used: started where it is ours, migrated, with the plans in it. Before a migration of a database
 * that already holds something, the stopped server's files are copied to `<home>/backups/`.
 *
 * @throws StartError
 */
export async function readyDatabase(config: Config, say: Say): Promise<RunningDatabase> {
  const running = config.databaseUrl ? external(config.databaseUrl) : await embedded(config, say)
  try {
    await migrate(running.url)
    const database = openDatabase(running.url, { max: 1, name: 'sath-launcher' })
    await seedPlans(database.db)
    await database.close()
    return running
  } catch (error) {
    await running.stop()
    throw new StartError(`The database cannot be used: ${(error as Error).message}`, { cause: error })
  }
}

function external(url: string): RunningDatabase {
  return { url, embedded: undefined, stop: async () => {} }
}

async function embedded(config: Config, say: Say): Promise<RunningDatabase> {
  let server = await start(config)
  const { pending, seen } = await pendingMigrations(server.url())
  if (pending > 0 && seen > 0) {
    await server.stop()
    const target = join(
      config.home,
      'backups',
      `before-migration-${seen + pending}-${new Date().toISOString().replace(/[:.]/g, '-')}`,
    )
    coldCopy(server.dataDirectory, target)
    say(`The database was copied to ${target} before its schema changes.`)
    server = await start(config)
  }
  const last = server
  return { url: last.url(), embedded: last, stop: () => last.stop() }
}

async function start(config: Config): Promise<EmbeddedPostgres> {
  try {
    return await startPostgres({ home: config.home })
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new StartError(error.message, { cause: error })
    throw error
  }
}
