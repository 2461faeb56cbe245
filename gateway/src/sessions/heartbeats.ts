import type { BotHeartbeat } from '@sath/contracts'
import { type Db, type Heartbeat, recordHeartbeats } from '@sath/db'
import type { Logger } from 'pino'
import type { Session } from './session.js'

export interface Heartbeats {
  beat(session: Session, heartbeat: BotHeartbeat): void
  flush(): Promise<void>
}

/**
 * Heartbeats of all bots, the newest of each, written once a second in one statement. The first one of a run does not wait:
 * it is what makes the run `running`. What the database does not take now is out of date a second later, so nothing is kept.
 */
export function createHeartbeats(deps: {
  readonly db: Db
  readonly log: Logger
  readonly onRunning: (tenantIds: readonly string[]) => void
}): Heartbeats {
  const newest = new Map<string, Heartbeat>()
  let writing = false

  async function flush(): Promise<void> {
    if (writing || newest.size === 0) return
    const beats = [...newest.values()]
    newest.clear()
    writing = true
    try {
      deps.onRunning(await recordHeartbeats(deps.db, beats))
    } catch (error) {
      for (const beat of beats) if (!newest.has(beat.runId)) newest.set(beat.runId, beat)
      deps.log.warn({ err: error }, 'heartbeats could not be written')
    } finally {
      writing = false
    }
  }

  return {
    beat(session, { progress, rssBytes, heapUsedBytes, loopLagMs, cpuPercent }) {
      const first = session.progress < 0 && !session.run.wasRunning
      // A bot that is given nothing has nothing to count.
      const advanced = progress > session.progress || session.awaited.size === 0
      session.progress = progress
      const facts = { progress, rssBytes, heapUsedBytes, loopLagMs, cpuPercent }
      const before = newest.get(session.run.runId)
      newest.set(session.run.runId, {
        runId: session.run.runId,
        facts,
        advanced: advanced || before?.advanced === true,
      })
      if (first) setImmediate(() => void flush())
    },
    flush,
  }
}
