import { botExitCodes } from '@sath/core'
import type { Limits, PastRun, Situation } from './situation.js'

/** An end that nobody asked for. The engine's own restart is none; a restart for being unhealthy is one. */
export function isCrash({ cause, stopRequested, stopReason }: PastRun): boolean {
  if (stopReason === 'unhealthy') return true
  return cause !== undefined && cause !== 'engine-stopped' && !stopRequested
}

function counted(s: Situation): readonly PastRun[] {
  const from = Math.max(s.now - s.limits.crashWindow, s.crashesForgivenAt ?? 0)
  return s.past.filter((run) => isCrash(run) && run.exitedAt >= from)
}

/** Why the bot is not to be tried again before its user says so; undefined: it may be. */
export function crashLoop(s: Situation): string | undefined {
  const crashes = counted(s)
  if (crashes[0] && crashes[0].exitCode === botExitCodes.badConfig)
    return 'bad-config: the bot refuses its configuration'
  if (crashes.length < s.limits.crashBudget) return undefined
  const minutes = Math.round(s.limits.crashWindow / 60_000)
  return `crash-loop: ${crashes.length} crashes in ${minutes} minutes, the last one ${crashes[0]?.cause ?? 'unknown'}`
}

/** When the next try is due: the first wait doubles with every crash since the bot was last healthy for long. */
export function nextTryAt(s: Situation): number {
  const crashes = counted(s)
  const [last] = crashes
  if (!last) return 0
  const healthy = crashes.findIndex((run) => wasHealthy(run, s.limits))
  const inRow = healthy === -1 ? crashes.length : healthy + 1
  return last.exitedAt + Math.min(s.limits.backOffFirst * 2 ** (inRow - 1), s.limits.backOffMost)
}

function wasHealthy({ runningAt, exitedAt }: PastRun, { healthyAfter }: Limits): boolean {
  return runningAt !== undefined && exitedAt - runningAt >= healthyAfter
}
