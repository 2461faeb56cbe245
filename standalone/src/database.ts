import { migrate, openDatabase, pendingMigrations, seedPlans } from '@sath/db'
import { type EmbeddedPostgres, EmbeddedPostgresError, startPostgres } from '@sath/embedded-postgres'
import { backUp } from './backups.js'
import type { Config } from './config.js'
import { keepPostgres } from './keep-postgres.js'
import { StartError } from './start-error.js'

export interface RunningDatabase {
  readonly url: string
  /** Settles, with one sentence, when there is no embedded server any more; never where DATABASE_URL names another. */
  readonly lost: Promise<string>
  stop(): Promise<void>
}

type Say = (line: string) => void

/** More than all programs together open: api and gateway 21 each, orchestrator 12, worker 3 and one for each of its threads. */
const maxConnections = 100

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
    throw asStartError(error)
  }
}

function external(url: string): RunningDatabase {
  return { url, lost: new Promise<never>(() => {}), stop: async () => {} }
}

async function embedded(config: Config, say: Say): Promise<RunningDatabase> {
  let server: EmbeddedPostgres | undefined
  try {
    server = await startPostgres({ home: config.home, maxConnections })
    const { pending, seen } = await pendingMigrations(server.url())
    if (pending > 0 && seen > 0) {
      await server.stop()
      const copy = backUp(config.home, server.dataDirectory, seen + pending)
      say(`The database was copied to ${copy} before its schema changes.`)
      server = await startPostgres({ home: config.home, maxConnections })
    }
    const startAgain = (port: number) => startPostgres({ home: config.home, maxConnections, port })
    return { url: server.url(), ...keepPostgres(server, startAgain, say) }
  } catch (error) {
    await server?.stop()
    throw asStartError(error)
  }
}

function asStartError(error: unknown): StartError {
  const message =
    error instanceof EmbeddedPostgresError ? error.message : `The database cannot be used: ${reason(error)}.`
  return new StartError(message, { cause: error })
}

/** What lies at the bottom, in one line: the query builder's own message is the whole query. */
function reason(error: unknown): string {
  let at = error
  while (at instanceof Error && (at.cause instanceof Error || at instanceof AggregateError))
    at = at.cause instanceof Error ? at.cause : (at as AggregateError).errors[0]
  const [line = ''] = (at instanceof Error ? at.message : String(at)).split('\n')
  return line.replace(/[.\s]+$/, '')
}
