import type { Condition, ContainerLimits, ExitCause, Hold, RunPhase } from '@sath/db'
import type { Container } from '../engines/container-engine.js'

/** Times are database time, epoch ms. */
export interface Run {
  readonly id: string
  readonly epoch: number
  readonly generation: number
  readonly phase: Exclude<RunPhase, 'exited' | 'aborted'>
  readonly startedAt: number | undefined
  readonly runningAt: number | undefined
  readonly lastHeartbeatAt: number | undefined
  readonly progressAt: number | undefined
  readonly forced: boolean
  readonly stopDeadline: number | undefined
  readonly killedAt: number | undefined
  /** What its container may use. */
  readonly limits: ContainerLimits
  /** What its command line was written for, MiB. */
  readonly startMemoryMiB: number
  /** Limits that the engine has been asked for; whether it gave them is not written down yet. */
  readonly raisingTo: ContainerLimits | undefined
}

/** A run that has ended. */
export interface PastRun {
  readonly epoch: number
  readonly exitedAt: number
  readonly runningAt: number | undefined
  /** Undefined: aborted before it could fail. */
  readonly cause: ExitCause | undefined
  readonly exitCode: number | undefined
  readonly stopRequested: boolean
  readonly stopReason: string | undefined
  /** The gateway has written what became of its orders; an aborted run had none. */
  readonly settled: boolean
}

export interface Seen extends Container {
  /** A row tells of its run and epoch. */
  readonly known: boolean
  /** It has the bot's constant name, so nothing can be created beside it. */
  readonly named: boolean
}

export interface Situation {
  readonly now: number
  readonly desired: 'running' | 'stopped'
  readonly hold: Hold | undefined
  readonly generation: number
  readonly epoch: number
  /** The account is being erased. */
  readonly deleting: boolean
  /** Crashes before it do not count. */
  readonly crashesForgivenAt: number | undefined
  /** The one unfinished run. */
  readonly run: Run | undefined
  /** Newest first. */
  readonly past: readonly PastRun[]
  /** Of this tenant, as the engine lists them; undefined when it could not be asked. */
  readonly containers: readonly Seen[] | undefined
  /** Since when a gateway of this node has been seen serving without a break; undefined: none is. */
  readonly gatewaySince: number | undefined
  /** What this orchestrator has sent to the run's container since it started itself. */
  readonly sent: {
    readonly term: boolean
    readonly killAt: number | undefined
    /** Limits that the engine cannot give it while it runs. */
    readonly refused?: ContainerLimits | undefined
  }
  /** The kernel has killed something in the run's container, which lives on, for its memory. */
  readonly wounded: boolean
  /** What the plan in force allows. */
  readonly planLimits: ContainerLimits
  readonly imageReady: boolean
  /** Why nothing new may be placed here; undefined: it may. */
  readonly noRoom: string | undefined
  readonly limits: Limits
}

/** Milliseconds. */
export interface Limits {
  readonly stopGrace: number
  /** From the start of a container to its first heartbeat. */
  readonly startTimeout: number
  readonly heartbeatLost: number
  readonly gatewaySettle: number
  readonly killAgain: number
  readonly backOffFirst: number
  readonly backOffMost: number
  readonly healthyAfter: number
  readonly crashWindow: number
  /** So many crashes in the window are a crash loop. */
  readonly crashBudget: number
}

export const limits: Limits = {
  stopGrace: 60_000,
  startTimeout: 60_000,
  heartbeatLost: 15_000,
  gatewaySettle: 30_000,
  killAgain: 5_000,
  backOffFirst: 1_000,
  backOffMost: 300_000,
  healthyAfter: 600_000,
  crashWindow: 1_800_000,
  crashBudget: 5,
}

export type StopBy = 'user' | 'admin' | 'system'
export type Note = Omit<Condition, 'since'>

export type Step =
  /** Write a run with the next epoch. */
  | { readonly kind: 'begin-run' }
  | { readonly kind: 'prepare-image' }
  /** Create the container of the run, check its hardening, write it down. */
  | { readonly kind: 'create'; readonly run: Run }
  /** Check and write down a container that was created though nobody noted it. */
  | { readonly kind: 'verify'; readonly run: Run; readonly container: Container }
  | { readonly kind: 'start'; readonly run: Run; readonly container: Container }
  /** Write down that the run's container runs. */
  | { readonly kind: 'adopt'; readonly run: Run; readonly container: Container }
  | { readonly kind: 'ask-stop'; readonly run: Run; readonly by: StopBy; readonly reason: string }
  | { readonly kind: 'terminate'; readonly run: Run; readonly container: Container }
  | {
      readonly kind: 'kill'
      readonly run: Run
      readonly container: Container
      readonly by: StopBy
      readonly reason: string
    }
  /** Take away what was created and never ran, and end the run as aborted. */
  | {
      readonly kind: 'abort'
      readonly run: Run
      readonly container: Container | undefined
      readonly reason: string
      readonly failed: boolean
    }
  /** Give the running container more than it has. */
  | { readonly kind: 'raise-limits'; readonly run: Run; readonly container: Container; readonly to: ContainerLimits }
  | { readonly kind: 'record-exit'; readonly run: Run; readonly container: Container }
  /** The engine does not list the run's container: make sure, then end the run. */
  | { readonly kind: 'record-missing'; readonly run: Run }
  /** Read its output to the end and remove it. */
  | { readonly kind: 'remove'; readonly container: Container }
  /** A container of an ended run that runs: somebody started it by hand. */
  | { readonly kind: 'kill-stray'; readonly container: Container }
  /** A container newer than the rows: raise the counter. */
  | { readonly kind: 'raise-epoch'; readonly container: Container }
  | { readonly kind: 'adopt-unknown'; readonly container: Container }
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'erase' }
  /** Nothing to do until `ms` have passed or something changes. */
  | { readonly kind: 'wait'; readonly ms: number; readonly note?: Note }
  /** What is wanted is so. */
  | { readonly kind: 'settled' }

/** A rule says what to do next, or nothing when it does not apply. */
export type Rule = (s: Situation) => Step | undefined

/** Whether the bot is to run: wanted, not held, not leaving. */
export function isWanted({ desired, hold, deleting }: Situation): boolean {
  return desired === 'running' && hold === undefined && !deleting
}

/** The container of the unfinished run. */
export function ownContainer({ run, containers }: Situation): Seen | undefined {
  return run && containers?.find((one) => one.runId === run.id && one.epoch === run.epoch)
}

/** Containers of this tenant that are not the unfinished run's. */
export function strays(s: Situation): readonly Seen[] {
  const own = ownContainer(s)
  return s.containers?.filter((one) => one.id !== own?.id) ?? []
}
