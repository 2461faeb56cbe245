import type { Bus } from '@sath/bus'
import type { Clock } from '@sath/core'
import type { ContainerLimits, Db, RunRepository } from '@sath/db'
import type { Logger } from 'pino'
import type { ContainerEngine } from './engines/container-engine.js'
import type { GatewayWatch } from './gateway-watch.js'
import type { ImageStore } from './image-store.js'
import type { LogCollector } from './logs/log-collector.js'
import type { Limits, Note } from './plan/situation.js'
import type { Slots } from './slots.js'
import type { Wounds } from './wounds.js'

/** What our signals to a run's container were, in this process; a new orchestrator sends SIGTERM once more. */
export interface Sent {
  term: boolean
  killAt: number | undefined
  /** Limits that the engine could not give it while it runs. */
  refused?: ContainerLimits
}

/** Everything a step may need. */
export interface Office {
  readonly db: Db
  readonly runs: RunRepository
  readonly engine: ContainerEngine
  readonly bus: Bus
  readonly log: Logger
  readonly now: Clock
  /** Names this orchestrator in claims. */
  readonly owner: string
  readonly node: string
  readonly installationId: string
  readonly socketRoot: string
  readonly tenantsDir: string
  readonly limits: Limits
  readonly logs: LogCollector
  readonly image: ImageStore
  readonly starts: Slots
  readonly gateways: GatewayWatch
  /** By run id. */
  readonly sent: Map<string, Sent>
  readonly wounds: Wounds
  /** What the sweep has found about a bot's container, by tenant. */
  readonly findings: Map<string, Note>
  /** Failed passes in a row, by tenant. */
  readonly failures: Map<string, number>
  /** Asks for another pass. */
  look(tenantId: string): void
}
