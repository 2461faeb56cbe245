import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { Bus } from '@sath/bus'
import { type Clock, systemClock } from '@sath/core'
import { type Database, installationId, listen, runRepository } from '@sath/db'
import type { Logger } from 'pino'
import type { ContainerEngine } from './engines/container-engine.js'
import { gatewayWatch } from './gateway-watch.js'
import { eraseLeavers, keepTime, removeOldImages, socketDirSweeper } from './housekeeping.js'
import { imageStore } from './image-store.js'
import { logCollector } from './logs/log-collector.js'
import type { Office } from './office.js'
import { type Limits, limits } from './plan/situation.js'
import { reconcile } from './reconcile.js'
import { repeat } from './repeat.js'
import { slots } from './slots.js'
import { prepareSocketRoot } from './socket-dirs.js'
import { sweeper } from './sweep.js'
import { workQueue } from './work-queue.js'
import { createWounds } from './wounds.js'

export interface OrchestratorOptions {
  readonly database: Database
  readonly engine: ContainerEngine
  readonly bus: Bus
  readonly log: Logger
  readonly node: string
  /** Absolute. */
  readonly socketRoot: string
  readonly tenantsDir: string
  /** One line for the person who started Sath. */
  readonly onNotice: (message: string) => void
  /** The bot's image is there, by this id. */
  readonly onImage?: (id: string) => void
  readonly limits?: Limits
  /** Default 5 000. */
  readonly sweepMs?: number
  /** How often images of earlier versions are looked for. Default 10 min. */
  readonly oldImagesMs?: number
  /** Bots that are started at once; default 8. */
  readonly startsAtOnce?: number
  readonly now?: Clock
}

export interface Orchestrator {
  /** Looks at everybody now. */
  sweep(): Promise<void>
  /** Asks for a pass of one bot. */
  look(tenantId: string): void
  /** Settles when no pass is going on. */
  idle(): Promise<void>
  /** Finishes what it is at; bots go on, unless the engine's own life is theirs. */
  close(): Promise<void>
}

const leaversMs = 10_000
const socketDirsMs = 60_000
const oldImagesMs = 600_000
const calendarMs = 3_600_000
/** What our own passes do to a container; somebody else's doing is met by the sweep. */
const ourDoing: ReadonlySet<string> = new Set(['create', 'attach', 'start', 'update'])
/** Passes at once; most of one is waiting for Docker and Postgres. */
const passesAtOnce = 32

/** Makes containers match the wishes: hears bells, sweeps, and gives each bot that needs it a pass. */
export async function openOrchestrator(options: OrchestratorOptions): Promise<Orchestrator> {
  const { database, engine, bus, log, node, socketRoot, tenantsDir, now = systemClock } = options
  const { db, sql } = database
  prepareSocketRoot(socketRoot)
  mkdirSync(tenantsDir, { recursive: true })
  const unconditional = new Set<string>()
  const queue = workQueue({
    concurrency: passesAtOnce,
    work: (tenantId) => reconcile(office, tenantId, !unconditional.delete(tenantId)),
    onError(tenantId, error) {
      unconditional.add(tenantId)
      log.error({ err: error, tenantId }, 'pass failed')
    },
  })
  /** Gives it a pass whatever its row says. A bell is the row's own: its pass may have come with the one before. */
  const look = (tenantId: string) => {
    unconditional.add(tenantId)
    queue.add(tenantId)
  }
  const office: Office = {
    db,
    runs: runRepository(db),
    engine,
    bus,
    log,
    now,
    owner: `${node}:${randomUUID()}`,
    node,
    installationId: await installationId(db),
    socketRoot,
    tenantsDir,
    limits: options.limits ?? limits,
    logs: logCollector({ engine, tenantsDir, bus, log, now }),
    image: imageStore(engine, now, { onProgress: options.onNotice, onMade: options.onImage ?? (() => {}) }),
    starts: slots(options.startsAtOnce ?? 8, look),
    gateways: gatewayWatch(),
    sent: new Map(),
    wounds: createWounds(look),
    findings: new Map(),
    failures: new Map(),
    look,
  }

  const every = (ms: number, what: string, work: () => Promise<void>) =>
    repeat(ms, work, (error) => log.error({ err: error }, `${what} failed`))
  const sweeps = every(options.sweepMs ?? 5_000, 'sweep', sweeper(office))
  const others = [
    every(leaversMs, 'erasing', () => eraseLeavers(office)),
    every(socketDirsMs, 'socket directories', socketDirSweeper(office)),
    every(options.oldImagesMs ?? oldImagesMs, 'removing old images', () => removeOldImages(office)),
    every(calendarMs, 'calendar', () => keepTime(office)),
  ]
  const stopEvents = engine.events((event) => {
    office.wounds.hear(event)
    if (!ourDoing.has(event.action)) look(event.tenantId)
  }, sweeps.now)
  // A line that was cut may have swallowed bells.
  const stopListening = await listen(sql, 'sath_bots', queue.add, sweeps.now)

  return {
    sweep: sweeps.now,
    look,
    idle: queue.idle,
    async close() {
      stopEvents()
      office.wounds.close()
      await stopListening().catch(() => {})
      await Promise.all([sweeps, ...others].map((one) => one.stop()))
      await queue.close()
      await office.logs.closeAll()
    },
  }
}
