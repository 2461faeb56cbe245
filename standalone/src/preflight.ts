import { mkdirSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Config } from './config.js'
import { StartError } from './start-error.js'

const neededBytes = 300 * 1024 * 1024

/**
 * Meets what would fail later with a worse message: a port in use, a full disk, a folder that cannot be written.
 *
 * @throws StartError
 */
export async function preflight(config: Config): Promise<void> {
  for (const folder of [config.home, config.tenantsDir, config.socketRoot]) makeFolder(folder)
  const free = statfsSync(config.home)
  const freeBytes = free.bavail * free.bsize
  if (freeBytes < neededBytes) {
    throw new StartError(
      `Only ${Math.floor(freeBytes / 1024 / 1024)} MB are free where ${config.home} lies; Sath needs 300 MB: free some, or set SATH_HOME to a folder elsewhere.`,
    )
  }
  await checkPort(config)
}

/** @throws StartError */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartError(`Cannot make the folder ${folder}: ${(error as Error).message}.`, { cause: error })
  }
}

function checkPort({ host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why = {
        EADDRINUSE: `Port ${port} on ${host} is in use; stop what uses it, or set PORT to another.`,
        EACCES: `Port ${port} may not be opened by this user; set PORT to one above 1023.`,
        EADDRNOTAVAIL: `${host} is not an address of this machine; set HOST to one that is.`,
      }[error.code ?? '']
      reject(new StartError(why ?? `Cannot listen on ${host}:${port}: ${error.message}.`, { cause: error }))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}
