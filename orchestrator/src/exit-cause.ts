import { botExitCodes } from '@sath/core'
import type { ExitCause } from '@sath/db'

const sigkillExit = 137
const sigtermExit = 143
/** What Docker writes for containers that were gone when it came back. */
const unknownExit = 255

export interface Ending {
  readonly exitCode: number | undefined
  readonly oomKilled: boolean
  /** We sent SIGKILL, or asked it to stop. */
  readonly killed: boolean
  readonly asked: boolean
  /** The engine was away, or we did not watch it, when the container ended. */
  readonly engineAway: boolean
}

/** Whether a container has ended as one does whose engine is shut down: SIGTERM, which a bot answers with 0, then SIGKILL. */
export function endsLikeItsEngine({ exitCode, oomKilled }: Pick<Ending, 'exitCode' | 'oomKilled'>): boolean {
  return !oomKilled && [0, sigkillExit, sigtermExit, unknownExit].includes(exitCode ?? -1)
}

/**
 * What ended a container. An exit code of 137 alone proves nothing: the kernel's out-of-memory, our SIGKILL and somebody's
 * `docker kill` all give it. Order matters: what we did ourselves we know best, then what the kernel noted. `engine-stopped` is
 * also said of a bot that somebody killed while we did not watch: Docker does not keep when it was started itself.
 */
export function exitCause({ exitCode, oomKilled, killed, asked, engineAway }: Ending): ExitCause {
  if (killed && exitCode === sigkillExit) return 'killed-by-us'
  // The mark alone may be of a child that the bot outlived.
  if (oomKilled && exitCode === sigkillExit) return 'out-of-memory'
  const bySignal = exitCode === sigkillExit || exitCode === sigtermExit
  if (engineAway && !asked && endsLikeItsEngine({ exitCode, oomKilled })) return 'engine-stopped'
  if (exitCode === 0) return 'clean'
  if (exitCode === botExitCodes.badConfig) return 'bad-config'
  if (exitCode === botExitCodes.heapExhausted) return 'heap-exhausted'
  if (exitCode === sigtermExit && asked) return 'killed-by-us'
  if (bySignal) return 'killed-by-other'
  return 'crash'
}
