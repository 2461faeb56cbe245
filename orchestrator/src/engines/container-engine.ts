import type { ContainerLimits } from '@sath/db'

/** What one bot's container is to be. Everything in it comes from rows and plans; nothing from the tenant. */
export interface BotSpec {
  readonly tenantId: string
  readonly runId: string
  readonly epoch: number
  readonly imageId: string
  readonly memoryMiB: number
  /** 1 = one core. */
  readonly cpu: number
  /** What its command line was written for, where its memory was raised since. */
  readonly startMemoryMiB?: number | undefined
  /** Limits that it has perhaps by now: they are being raised. */
  readonly raisingTo?: ContainerLimits | undefined
  /** Directory on the host that holds the run's socket and nothing else. */
  readonly socketDir: string
  /** Grace of a stop by the engine itself, when it is shut down. */
  readonly stopSeconds: number
}

/** A container of this installation, as one list call tells it. */
export interface Container {
  readonly id: string
  readonly name: string
  readonly tenantId: string
  readonly runId: string
  readonly epoch: number
  /** `running` also covers paused ones; `exited` whatever will not run again. */
  readonly state: 'created' | 'running' | 'exited'
}

/** What is known of one container, kept by the engine until it is removed. */
export interface ContainerFacts {
  readonly id: string
  readonly state: Container['state']
  /** Undefined while it runs, and where the engine cannot tell. */
  readonly exitCode: number | undefined
  /** Whether the kernel killed in it for lack of memory. */
  readonly oomKilled: boolean
  /** Epoch ms by the engine's clock. */
  readonly finishedAt: number | undefined
}

/** `no-image`: somebody has removed it; `ensureImage` makes it again. */
export type Created =
  | { readonly kind: 'created'; readonly id: string }
  | { readonly kind: 'name-taken' }
  | { readonly kind: 'no-image' }

/** A piece of output as the engine stored it: a line, or part of a long one. */
export interface LogEntry {
  readonly stream: 'stdout' | 'stderr'
  /** RFC 3339 with nanoseconds; never falls within one container. */
  readonly at: string
  readonly data: Buffer
}

export interface EngineEvent {
  readonly tenantId: string
  /** The engine's own word: `start`, `die`, `oom` when the kernel killed something in a container for its memory … */
  readonly action: string
  readonly runId: string
}

/**
 * `unreachable`: nothing can be said about what happened (no answer, time-out, 5xx, cut line); look again later.
 * `refused`: the engine understood and said no.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly kind: 'unreachable' | 'refused'
  constructor(kind: 'unreachable' | 'refused', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}

/**
 * Runs the containers of one installation; those of another on the same engine do not exist for it. Every verb is safe to
 * repeat, every one throws EngineError, and none hangs: what does not answer in time is `unreachable`, though its effect may
 * still come.
 */
export interface ContainerEngine {
  readonly kind: 'docker' | 'process' | 'memory'
  /** The image of the bot as this build has it, made where it is missing. Answers its id. */
  ensureImage(onProgress: (line: string) => void): Promise<string>
  /**
   * Removes the images that this installation had made before the one that `ensureImage` answered last, as far as no container
   * has them, be it one of another installation. Before there is such a one nothing is removed. Answers their ids.
   */
  removeOldImages(): Promise<readonly string[]>
  /** All containers, or those that carry this tenant's label. */
  list(tenantId?: string): Promise<readonly Container[]>
  /** Under the tenant's constant name, so that a second one is refused by the engine itself. */
  create(spec: BotSpec): Promise<Created>
  /** A container that runs stays as it is. @throws EngineError refused when there is no such container */
  start(id: string): Promise<void>
  /**
   * Gives a running container other limits. False: this engine cannot, and they are for the next start.
   *
   * @throws EngineError refused when there is no such container
   */
  resize(id: string, limits: ContainerLimits): Promise<boolean>
  /** A container that has ended or is gone is left alone. */
  signal(id: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Takes an ended or never started container away. @throws EngineError refused when it runs */
  remove(id: string): Promise<void>
  /** Undefined: the engine says that there is no such container. */
  inspect(id: string): Promise<ContainerFacts | undefined>
  /** What of the container's hardening is not as this spec demands; empty when all is. */
  faults(id: string, spec: BotSpec): Promise<readonly string[]>
  /** Output from `since` (inclusive) on until the container has ended and all was read. */
  logs(id: string, since: string | undefined, signal: AbortSignal): AsyncIterable<LogEntry>
  /** Tells of changes as they happen; some may be missed, so a list is the truth. `onReconnect`: list now. */
  events(onEvent: (event: EngineEvent) => void, onReconnect: () => void): () => void
  /** Whether the engine was away, or nobody watched it, at that instant (epoch ms): a container that ended then ended with it. */
  wasAway(at: number): boolean
  /** ms after the end of a container until `wasAway` can be trusted: an engine ends its containers first and itself then. */
  readonly awayNoticeMs: number
  close(): Promise<void>
}

/** One name per bot, whole ids: the engine then refuses a second container of the same bot. */
export function containerName(installationId: string, tenantId: string): string {
  return `sath-${installationId}-${tenantId}`
}
