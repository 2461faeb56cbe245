import { spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from './account.js'
import type { Binaries } from './binaries.js'
import { EmbeddedPostgresError, explain } from './errors.js'
import type { Layout } from './layout.js'

/** The one database role; its password is in `<home>/postgres/password`, mode 0600. */
export const role = 'sath'
/** The database that exists from the start. */
export const firstDatabase = 'sath'

export interface ClusterOptions {
  readonly layout: Layout
  readonly binaries: Binaries
  readonly account: Account | undefined
  /** False skips fsync: a power cut may lose the data. */
  readonly durable: boolean
}

/**
 * Makes sure there is a data directory, and returns the password of the role. The directory appears under its name only when
 * it is complete, so an interrupted start leaves nothing half made.
 *
 * @throws EmbeddedPostgresError
 */
export function ensureCluster(options: ClusterOptions): string {
  const { layout, binaries } = options
  const passwordFile = join(layout.directory, 'password')
  if (existsSync(layout.dataDirectory)) {
    refuseOtherVersion(layout.dataDirectory, binaries.major)
    return readPassword(passwordFile, layout.dataDirectory)
  }
  const password = randomBytes(24).toString('base64url')
  refuseFullDisk(dirname(layout.dataDirectory))
  writeFileSync(passwordFile, password, { mode: 0o600, flush: true })
  createCluster(options, password)
  return password
}

/** A new cluster takes 40 MB and its first log segments as much again; initdb says nothing clear when there is less. */
const newClusterBytes = 100_000_000

function refuseFullDisk(directory: string): void {
  const { bavail, bsize } = statfsSync(directory)
  if (bavail * bsize < newClusterBytes) throw explain('create its data directory', directory, 'No space left on device')
}

function createCluster({ layout, binaries, account, durable }: ClusterOptions, password: string): void {
  clearHalves(layout.dataDirectory)
  const half = `${halfPrefix(layout.dataDirectory)}${randomUUID()}`
  // initdb runs as another user and cannot read our password file.
  const handedOver = join(dirname(layout.dataDirectory), 'initial-password')
  rmSync(handedOver, { force: true })
  mkdirSync(half, { mode: 0o700 })
  writeFileSync(handedOver, password, { mode: 0o600 })
  if (account) for (const path of [half, handedOver]) chownSync(path, account.uid, account.gid)
  const run = (action: string, command: string, args: readonly string[], input = '') => {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      ...account,
      cwd: '/',
      input,
      encoding: 'utf8',
      env: serverEnvironment,
    })
    if (status !== 0) throw explain(action, layout.directory, `${stdout}\n${stderr}\n${error?.message ?? ''}`)
  }
  try {
    run('create its data directory', binaries.initdb, [
      `--pgdata=${half}`,
      `--username=${role}`,
      `--pwfile=${handedOver}`,
      '--auth-host=scram-sha-256',
      '--auth-local=reject',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ])
    run(
      'create its first database',
      binaries.postgres,
      ['--single', '-D', half, 'postgres'],
      `create database ${firstDatabase}\n`,
    )
    renameSync(half, layout.dataDirectory)
  } finally {
    rmSync(handedOver, { force: true })
    rmSync(half, { recursive: true, force: true })
  }
}

function halfPrefix(dataDirectory: string): string {
  return `${dataDirectory}.new`
}

/**
 * What starts that were killed left behind. Their initdb may still be at work, and clears its own directory when it fails:
 * hence a name of its own for each start, and what cannot be removed today goes with the next.
 */
function clearHalves(dataDirectory: string): void {
  const parent = dirname(dataDirectory)
  for (const name of readdirSync(parent)) {
    const path = join(parent, name)
    if (!path.startsWith(halfPrefix(dataDirectory))) continue
    try {
      rmSync(path, { recursive: true, force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
    }
  }
}

/** PostgreSQL needs nothing of our environment, and our secrets are none of its business. */
export const serverEnvironment: NodeJS.ProcessEnv = { LC_ALL: 'C', PATH: '/usr/bin:/bin' }

function refuseOtherVersion(dataDirectory: string, major: string): void {
  let found: string
  try {
    found = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') {
      throw new EmbeddedPostgresError(
        'not-yours',
        `The database in ${dataDirectory} belongs to another user; start Sath as that user, or set SATH_HOME to another directory.`,
        { cause },
      )
    }
    throw explain('read its data directory', dataDirectory, String(cause), cause)
  }
  if (found !== major) {
    throw new EmbeddedPostgresError(
      'other-version',
      `The database in ${dataDirectory} was made by PostgreSQL ${found}, and this Sath brings PostgreSQL ${major}; dump it with the older Sath and restore it into a new SATH_HOME.`,
    )
  }
}

function readPassword(path: string, dataDirectory: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'not-yours',
      `The password of the database in ${dataDirectory} cannot be read from ${path}; restore that file from a backup of SATH_HOME.`,
      { cause },
    )
  }
}
