import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'

/** The operating-system user PostgreSQL runs as. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * The user to run PostgreSQL as: undefined for "as ourselves". PostgreSQL refuses to run as root, so root hands it to the
 * owner of an existing data directory, else to `postgres`, else to `nobody`, which every Unix has.
 */
export function accountFor(dataDirectory: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const existing = statSync(dataDirectory, { throwIfNoEntry: false })
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid }
  return lookUp('postgres') ?? lookUp('nobody') ?? { uid: 65_534, gid: 65_534 }
}

function lookUp(name: string): Account | undefined {
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}
