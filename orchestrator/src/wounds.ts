import type { EngineEvent } from './engines/container-engine.js'

/** The end of a container whose bot itself was killed is told within this time, ms; what runs on after it was wounded. */
const diesWithinMs = 1_000

/** Runs in which the kernel has killed something for its memory while the container lives. */
export function createWounds(look: (tenantId: string) => void) {
  const runs = new Set<string>()
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    hear({ tenantId, runId, action }: EngineEvent): void {
      if (action !== 'oom' || runs.has(runId) || timers.has(runId)) return
      const judge = () => {
        timers.delete(runId)
        runs.add(runId)
        look(tenantId)
      }
      timers.set(runId, setTimeout(judge, diesWithinMs).unref())
    },
    has: (runId: string): boolean => runs.has(runId),
    /** Forgets all runs but these. */
    keep(unfinished: ReadonlySet<string>): void {
      for (const runId of runs) if (!unfinished.has(runId)) runs.delete(runId)
    },
    close(): void {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

export type Wounds = ReturnType<typeof createWounds>
