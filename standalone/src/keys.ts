import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createKeyFiles } from '@sath/vault/open'
import { StartError } from './start-error.js'

export interface KeyFiles {
  /** Opens sealed broker keys; for the gateway only. */
  readonly vaultPrivate: string
  /** Seals them; for the API. */
  readonly vaultPublic: string
  /** Signs access tokens; for the API. */
  readonly jwtSecret: string
}

/**
 * The installation's own keys below `<home>/keys/`, readable by this user only; made at the first start and never replaced.
 *
 * @throws StartError
 */
export async function readyKeys(home: string): Promise<KeyFiles> {
  const folder = join(home, 'keys')
  const files: KeyFiles = {
    vaultPrivate: join(folder, 'vault-opening.json'),
    vaultPublic: join(folder, 'vault-public.json'),
    jwtSecret: join(folder, 'jwt-secret'),
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await createKeyFiles({ opening: files.vaultPrivate, public: files.vaultPublic })
    if (!existsSync(files.jwtSecret)) await writeOnce(files.jwtSecret, randomBytes(48).toString('base64url'))
  } catch (error) {
    throw new StartError(`The keys in ${folder} cannot be used: ${(error as Error).message}`, { cause: error })
  }
  return files
}

/** Whole or not at all: a kill in the middle leaves no half a secret under the name. */
async function writeOnce(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`
  await rm(fresh, { force: true })
  const file = await open(fresh, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
}
