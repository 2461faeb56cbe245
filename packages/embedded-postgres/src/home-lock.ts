import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { EmbeddedPostgresError } from './errors.js'
import { startMark } from './processes.js'

/**
 * Takes the lock file for as long as this process lives; a lock whose owner has died is taken over.
 * Returns the function that gives it back.
 *
 * The file appears with its whole content at once (link), and a stale one is moved aside and looked at
 * again before it is thrown away, so two processes that find the same stale lock cannot both get it.
 *
 * @throws EmbeddedPostgresError already-running
 */
export function takeLock(path: string, home: string): () => void {
  const token = randomUUID()
  const mine = `${path}.${token}`
  const content = `${process.pid}\n${startMark(process.pid) ?? ''}\n${token}\n`
  try {
    writeFileSync(mine, content, { mode: 0o600 })
    for (;;) {
      if (linked(mine, path)) return () => release(path, content)
      const found = read(path)
      if (found === undefined) continue
      const owner = liveOwner(found)
      if (owner !== undefined) {
        throw new EmbeddedPostgresError(
          'already-running',
          `Another Sath is already running on ${home} (process ${owner}); stop it, or set SATH_HOME to another directory.`,
        )
      }
      setAside(path, found, token)
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The process that holds a lock, if it is still the same process. */
function liveOwner(content: string): number | undefined {
  const [pid, mark] = content.split('\n')
  const now = startMark(Number(pid))
  return now !== undefined && now === mark ? Number(pid) : undefined
}

function setAside(path: string, stale: string, token: string): void {
  const aside = `${path}.stale.${token}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  // Somebody was faster and this is already their fresh lock: give it back.
  if (read(aside) !== stale) linked(aside, path)
  rmSync(aside, { force: true })
}

function release(path: string, content: string): void {
  if (read(path) === content) rmSync(path, { force: true })
}
