import { join } from 'node:path'
import { takeLock } from '@sath/embedded-postgres'
import { makeFolder } from './preflight.js'
import { StartError } from './start-error.js'

/**
 * One Sath on one home, wherever its database is. Returns the function that gives the home back; a lock left by a launcher
 * that was killed is taken over.
 *
 * @throws StartError
 */
export function lockHome(home: string): () => void {
  makeFolder(home)
  try {
    return takeLock(join(home, 'lock'), home)
  } catch (error) {
    const { name, message } = error as Error
    throw new StartError(name === 'EmbeddedPostgresError' ? message : `Cannot write in ${home}: ${message}.`, {
      cause: error,
    })
  }
}
