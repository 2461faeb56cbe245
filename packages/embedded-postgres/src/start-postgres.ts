import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { accountFor } from './account.js'
import { findBinaries } from './binaries.js'
import { type ClusterOptions, ensureCluster, firstDatabase, role, serverEnvironment } from './cluster.js'
import { explain } from './errors.js'
import { freePort } from './free-port.js'
import { takeLock } from './home-lock.js'
import { layOut, systemDirectory } from './layout.js'
import { clearLeftover } from './leftover.js'
import { readPostmaster } from './postmaster.js'
import { serverSettings } from './server-settings.js'

export interface StartOptions {
  /** SATH_HOME; the database lives in `<home>/postgres`. */
  readonly home: string
  /** False turns fsync off: for tests only. Default true. */
  readonly durable?: boolean
  /** Default 60. */
  readonly maxConnections?: number
  /** Default a free one. */
  readonly port?: number
  readonly log?: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

export interface EmbeddedPostgres {
  readonly pid: number
  readonly port: number
  readonly dataDirectory: string
  /** Address with the password in it; without an argument that of the database `sath`, which always exists. */
  url(database?: string): string
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. Safe to call twice. */
  stop(): Promise<void>
  /** Settles when the server has ended, asked for or not. */
  readonly exited: Promise<void>
}

/**
 * Starts the PostgreSQL that comes with Sath, on 127.0.0.1, in a process group of its own: Ctrl-C in the
 * terminal reaches us and not the database, so our last writes still land. It does not keep this process alive.
 *
 * @throws EmbeddedPostgresError with one sentence for a person
 */
export async function startPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const { durable = true, maxConnections = 60, port: wanted, log } = options
  const home = resolve(options.home)
  let unlock = () => {}
  try {
    const layout = layOut(home)
    unlock = takeLock(layout.lock, home)
    const account = accountFor(layout.dataDirectory)
    const binaries = findBinaries(account, account ? systemDirectory : layout.directory)
    const cluster: ClusterOptions = { layout, binaries, account, durable }
    const password = ensureCluster(cluster)
    const leftover = await clearLeftover(layout.dataDirectory)
    if (leftover !== 'nothing')
      log?.warn({ leftover, dataDirectory: layout.dataDirectory }, 'database of an earlier run cleared')
    const { child, port } = await launch(cluster, maxConnections, wanted)
    const pid = child.pid as number
    log?.info({ pid, port, dataDirectory: layout.dataDirectory }, 'database started')
    const exited = new Promise<void>((done) => {
      child.once('exit', () => {
        unlock()
        done()
      })
    })
    child.unref()
    return {
      pid,
      port,
      dataDirectory: layout.dataDirectory,
      url: (database = firstDatabase) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`,
      stop: () => stop(child, exited),
      exited,
    }
  } catch (error) {
    unlock()
    throw explain('start', home, String(error), error)
  }
}

/** The port may be taken between choosing and binding, and orphans of a killed server need a moment to go: try again. */
async function launch(
  cluster: ClusterOptions,
  maxConnections: number,
  wanted: number | undefined,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort())
    const child = spawnServer(cluster, port, maxConnections)
    const failure = await readyOrGone(child, cluster.layout.dataDirectory)
    if (failure === undefined) return { child, port }
    const output = `${failure}\n${readFileSync(cluster.layout.serverLog, 'utf8')}`
    const passing = /Address already in use|could not bind|still in use/.test(output)
    if (!passing || attempt === 20) throw explain('start', cluster.layout.dataDirectory, output)
    await delay(100)
  }
}

function spawnServer(
  { layout, binaries, account, durable }: ClusterOptions,
  port: number,
  maxConnections: number,
): ChildProcess {
  if (existsSync(layout.serverLog)) renameSync(layout.serverLog, `${layout.serverLog}.1`)
  const output = openSync(layout.serverLog, 'w', 0o600)
  try {
    const settings = serverSettings({ port, durable, maxConnections }).flatMap((setting) => ['-c', setting])
    return spawn(binaries.postgres, ['-D', layout.dataDirectory, ...settings], {
      ...account,
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      env: serverEnvironment,
    })
  } finally {
    closeSync(output)
  }
}

/** Undefined once the server takes connections; otherwise why it ended. */
async function readyOrGone(child: ChildProcess, dataDirectory: string): Promise<string | undefined> {
  let gone: string | undefined
  child.once('error', (error) => {
    gone = error.message
  })
  child.once('exit', (code, signal) => {
    gone = `ended with ${signal ?? code}`
  })
  // Crash recovery of a large database takes its time; the server itself ends when it cannot recover.
  while (gone === undefined) {
    const noted = readPostmaster(dataDirectory)
    if (noted?.pid === child.pid && noted?.ready) return undefined
    await delay(5)
  }
  return gone
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.ref()
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
  // A server that hangs (a dead disk) is ended without its checkpoint; it recovers from its log at the next start.
  const hanging = setTimeout(() => child.kill('SIGQUIT'), 60_000)
  await exited
  clearTimeout(hanging)
}
