import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { explain } from './errors.js'

/**
 * Copies the data directory of a stopped server, owners and modes included; blocks are shared where the file system can.
 * The target appears under its name only when it is complete.
 *
 * @throws EmbeddedPostgresError disk-full, failed; Error when the server runs or the target exists
 */
export function coldCopy(dataDirectory: string, target: string): void {
  if (existsSync(join(dataDirectory, 'postmaster.pid'))) {
    throw new Error(`The server of ${dataDirectory} still runs; a copy of it now would be worthless`)
  }
  if (existsSync(target)) throw new Error(`${target} exists already`)
  const half = `${target}.new`
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    rmSync(half, { recursive: true, force: true })
    execFileSync('cp', ['-a', dataDirectory, half], { stdio: ['ignore', 'ignore', 'pipe'] })
    renameSync(half, target)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    throw explain('copy its data', dirname(target), String(error), error)
  }
}
