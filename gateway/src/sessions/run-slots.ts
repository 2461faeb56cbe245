import { readdir } from 'node:fs/promises'
import type { Socket } from 'node:net'
import type { Db } from '@sath/db'
import { endedRuns, type SessionRun } from '@sath/db'
import type { Logger } from 'pino'
import type { Session } from './session.js'
import { listenForRun, type RunServer, removeRunDirectory } from './socket-server.js'

/** An unfinished run of this node: its socket and, while its bot is there, its session. */
export interface RunSlot {
  run: SessionRun
  session: Session | undefined
  /** Until then (monotonic ms) the market waits for this bot to come back. */
  expectedUntil: number
  /** Until then (monotonic ms) nobody may connect: the last session ended by the bot's own fault. */
  lockedUntil: number
  /** Sessions in a row that ended so. */
  offences: number
  /** Connections turned away since the last note of it. */
  refused: number
}

export interface RunSlots {
  readonly all: ReadonlyMap<string, RunSlot>
  /** Makes sockets match the unfinished runs. Returns runs that are over. */
  sync(runs: readonly SessionRun[]): Promise<readonly RunSlot[]>
  close(): Promise<void>
}

export function createRunSlots(deps: {
  readonly root: string
  readonly log: Logger
  /** Whether a run seen for the first time had a bot before, so the market should wait for it. */
  readonly expectFor: (run: SessionRun) => number
  readonly onSocket: (slot: RunSlot, socket: Socket) => void
}): RunSlots {
  const slots = new Map<string, RunSlot>()
  const servers = new Map<string, RunServer>()

  async function open(run: SessionRun): Promise<void> {
    const expectedUntil = performance.now() + deps.expectFor(run)
    const slot: RunSlot = { run, session: undefined, expectedUntil, lockedUntil: 0, offences: 0, refused: 0 }
    slots.set(run.runId, slot)
    try {
      servers.set(run.runId, await listenForRun(deps.root, run.runId, (socket) => deps.onSocket(slot, socket)))
    } catch (error) {
      // The next sweep tries again.
      slots.delete(run.runId)
      deps.log.error({ runId: run.runId, tenantId: run.tenantId, err: error }, 'cannot listen for a bot')
    }
  }

  async function drop(slot: RunSlot): Promise<void> {
    const { runId } = slot.run
    slots.delete(runId)
    slot.session?.connection.close('the run is over')
    await servers.get(runId)?.close({ remove: true })
    servers.delete(runId)
  }

  return {
    all: slots,
    async sync(runs) {
      const wanted = new Map(runs.map((run) => [run.runId, run]))
      const over = [...slots.values()].filter(({ run }) => !wanted.has(run.runId))
      await Promise.all(over.map(drop))
      await Promise.all(
        [...wanted.values()].map(async (run) => {
          const slot = slots.get(run.runId)
          if (slot) slot.run = run
          else await open(run)
        }),
      )
      return over
    },
    async close() {
      for (const slot of slots.values()) slot.session?.connection.close('the gateway stops')
      await Promise.all([...servers.values()].map((server) => server.close()))
    },
  }
}

/** Removes directories of runs that ended while nobody looked. A directory without a row is left alone: it may be very new. */
export async function sweepDirectories(db: Db, root: string): Promise<void> {
  const names = await readdir(root).catch(() => [])
  const ids = names.filter((name) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name))
  for (const runId of await endedRuns(db, ids)) await removeRunDirectory(root, runId)
}
