import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where the embedded database keeps its things. */
export interface Layout {
  readonly home: string
  /** `<home>/postgres`: lock, password, log; and the data unless they had to go elsewhere. */
  readonly directory: string
  readonly dataDirectory: string
  readonly lock: string
  readonly serverLog: string
}

/** Root's database and binaries go here when PostgreSQL's user cannot reach SATH_HOME (for example below /root). */
export const systemDirectory = '/var/lib/sath'

/**
 * Lays out `<home>/postgres`. When root starts us and the home lies in a directory that nobody else may enter, the data
 * live below /var/lib/sath and `<home>/postgres/data` is a link to them, so the home stays the one place to look.
 */
export function layOut(home: string): Layout {
  const directory = join(home, 'postgres')
  const root = process.getuid?.() === 0
  mkdirSync(directory, { recursive: true, mode: root ? 0o711 : 0o700 })
  const data = join(directory, 'data')
  if (root) {
    // Enter, but not list: what is private in the home has its own mode.
    for (const path of [home, directory]) chmodSync(path, statSync(path).mode | 0o111)
    if (!lstatSync(data, { throwIfNoEntry: false }) && !reachable(directory)) {
      const elsewhere = join(systemDirectory, randomUUID())
      mkdirSync(elsewhere, { recursive: true, mode: 0o755 })
      symlinkSync(join(elsewhere, 'data'), data)
    }
  }
  return {
    home,
    directory,
    dataDirectory: resolveLink(data),
    lock: join(directory, 'lock'),
    serverLog: join(directory, 'server.log'),
  }
}

/** Whether any user may walk down to this directory. */
function reachable(path: string): boolean {
  for (let at = realpathSync(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

/** The data directory itself, also while it does not exist yet. */
function resolveLink(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const link = lstatSync(path, { throwIfNoEntry: false })
  return link?.isSymbolicLink() ? readlinkSync(path) : join(realpathSync(dirname(path)), 'data')
}
