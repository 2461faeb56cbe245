import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { drop, formatKeys, generateKeyRing, type KeyRing, parseKeyRing, publicPart, rotate } from './key-ring.js'

/** The opening keys go to the gateway only, the public ones to the API. */
export interface KeyFiles {
  readonly opening: string
  readonly public: string
}

/** Creates both files when there are none, and writes the public one from the opening one. An existing key is never replaced. */
export async function createKeyFiles(files: KeyFiles): Promise<KeyRing> {
  return await change(files, (found) => found ?? generateKeyRing())
}

/** Adds a new current key to both files. The opening file is complete first, so nothing is ever sealed that cannot be opened. */
export async function rotateKeyFiles(files: KeyFiles): Promise<KeyRing> {
  return await change(files, (found) => {
    if (!found) throw new Error(`There is no key file ${files.opening} to rotate`)
    return rotate(found)
  })
}

/** Takes an older key out of both files. Whoever calls it knows that nothing is sealed for it any more. */
export async function dropFromKeyFiles(files: KeyFiles, id: string): Promise<KeyRing> {
  return await change(files, (found) => {
    if (!found) throw new Error(`There is no key file ${files.opening}`)
    return drop(found, id)
  })
}

/** @throws VaultError bad-key-file; Error of the file system */
export async function readKeyRing(path: string): Promise<KeyRing> {
  return parseKeyRing(await readFile(path, 'utf8'))
}

async function change(files: KeyFiles, next: (found: KeyRing | undefined) => KeyRing): Promise<KeyRing> {
  await mkdir(dirname(files.opening), { recursive: true, mode: 0o700 })
  return await locked(`${files.opening}.lock`, async () => {
    const found = await readKeyRing(files.opening).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    const ring = next(found)
    if (ring !== found) await replaceFile(files.opening, formatKeys(ring), 0o600)
    await replaceFile(files.public, formatKeys(publicPart(ring)), 0o644)
    return ring
  })
}

/** A lock older than this was left by a writer that was killed, on whatever machine. */
const writerTakesAtMostMs = 60_000

/** One writer at a time: the second of two rotations would lose the first one's key, and every value sealed with it. */
async function locked<T>(lock: string, work: () => Promise<T>): Promise<T> {
  if (await isAbandoned(lock)) await rm(lock, { force: true })
  await take(lock)
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

/** The lock appears with its owner's name in it, so that one who is killed at once has left his name, too. */
async function take(lock: string): Promise<void> {
  const mine = `${lock}.${randomUUID()}`
  await writeFile(mine, `${hostname()} ${process.pid}\n`, { mode: 0o600 })
  try {
    await link(mine, lock)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`Somebody else is writing the key files now; if not, remove ${lock} and try again`, {
      cause: error,
    })
  } finally {
    await rm(mine, { force: true })
  }
}

/** Whether its owner, a process of this machine, has died; of an owner elsewhere only the time tells. */
async function isAbandoned(lock: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(lock)).mtimeMs > writerTakesAtMostMs) return true
    const [host, pid] = (await readFile(lock, 'utf8')).trim().split(' ')
    return host === hostname() && !isAlive(Number(pid))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The new content is on disk before it takes the name, so whoever reads finds the old file or the new one, whole. */
async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.new`
  await rm(fresh, { force: true })
  const file = await open(fresh, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  await syncDirectory(dirname(path))
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
