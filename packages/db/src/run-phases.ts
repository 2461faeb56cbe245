import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { type BotClaim, underClaim } from './run-claim.js'
import { botRuns, type ExitCause, type RunPhase, runEvents, type stoppers } from './schema/index.js'

export interface ContainerNames {
  readonly containerId: string
  readonly containerName: string
  readonly imageId?: string | undefined
}

export interface StopOrder {
  readonly by: (typeof stoppers)[number]
  readonly reason: string
  readonly graceMs: number
}

export interface ExitFacts {
  readonly exitCode: number | undefined
  readonly cause: ExitCause
  readonly oomKilled: boolean
}

/** The value where the run's bot is to be stopped, else null. */
function ifStopped(value: SQL): SQL {
  return sql`(select ${value} from bots b where b.tenant_id = ${botRuns.tenantId} and b.desired_state = 'stopped')`
}

/** What the page tells of a step. */
interface Tale {
  readonly type: string
  readonly message: string
  readonly fields?: Record<string, unknown>
}

/** What runs the bot: without a container engine it is a plain process of the node. */
type Body = 'container' | 'process'

/** What ended a run, for its owner. */
const endings: Readonly<Record<ExitCause, string>> = {
  clean: 'it finished in order',
  'bad-config': 'it cannot run its configuration',
  'heap-exhausted': 'its heap was full',
  'out-of-memory': 'it used more memory than it may',
  crash: 'it crashed',
  'killed-by-us': 'Sath killed it',
  'killed-by-other': 'somebody else killed it',
  'engine-stopped': 'its engine or Sath was away then, so nobody saw why',
  removed: 'it was removed',
}

/** The steps of a run, forward only; each with the event that tells of it. */
export function runPhases(db: Db) {
  /** Writes to a run that is in one of these phases still, with the event that tells of it. Returns whether it was. */
  function advance(
    claim: BotClaim,
    runId: string,
    from: readonly RunPhase[],
    set: Record<string, unknown>,
    tell: (body: Body) => Tale,
  ): Promise<boolean> {
    return underClaim(db, claim, async (tx) => {
      const moved = await tx
        .update(botRuns)
        .set(set)
        .where(and(eq(botRuns.id, runId), eq(botRuns.tenantId, claim.tenantId), inArray(botRuns.phase, [...from])))
        .returning({ engine: botRuns.engine })
      const [run] = moved
      if (!run) return false
      const tale = tell(run.engine === 'process' ? 'process' : 'container')
      await tx.insert(runEvents).values({ tenantId: claim.tenantId, runId, ...tale })
      return true
    })
  }

  return {
    created: (claim: BotClaim, runId: string, names: ContainerNames) =>
      advance(claim, runId, ['pending'], { phase: 'created', containerCreatedAt: sql`now()`, ...names }, (body) =>
        body === 'container'
          ? { type: 'container-created', message: 'The container was created and its hardening checked' }
          : { type: 'process-prepared', message: 'A plain process was made ready; no container isolates it' },
      ),

    /** Written before the engine is asked to start, so that whoever lost its claim starts nothing. */
    starting: (claim: BotClaim, runId: string, names: ContainerNames, adopted: boolean) =>
      advance(
        claim,
        runId,
        ['pending', 'created'],
        {
          phase: 'starting',
          startedAt: sql`now()`,
          containerCreatedAt: sql`coalesce(container_created_at, now())`,
          ...names,
        },
        (body) =>
          adopted
            ? { type: 'adopted', message: `A running ${body} was found and taken over` }
            : { type: 'starting', message: `The ${body} is being started` },
      ),

    /** Asks for a graceful stop. A deadline that is there already stays as it is. */
    stopping: (claim: BotClaim, runId: string, { by, reason, graceMs }: StopOrder) =>
      advance(
        claim,
        runId,
        ['pending', 'created', 'starting', 'running'],
        {
          phase: 'stopping',
          stopMode: sql`coalesce(stop_mode, 'graceful')`,
          stoppedBy: sql`coalesce(stopped_by, ${by})`,
          stopReason: sql`coalesce(stop_reason, ${reason})`,
          stopRequestedAt: sql`coalesce(stop_requested_at, now())`,
          stopDeadline: sql`coalesce(stop_deadline, now() + ${graceMs} * interval '1 millisecond')`,
        },
        () => ({ type: 'stopping', message: `The bot was asked to stop (${reason})`, fields: { by, reason } }),
      ),

    /** Written before every SIGKILL; tells of the first only. */
    async killing(claim: BotClaim, runId: string, { by, reason }: Omit<StopOrder, 'graceMs'>): Promise<void> {
      const first = await advance(
        claim,
        runId,
        ['pending', 'created', 'starting', 'running', 'stopping'],
        {
          phase: 'killing',
          stopMode: sql`coalesce(stop_mode, 'force')`,
          stoppedBy: sql`coalesce(stopped_by, ${by})`,
          stopReason: sql`coalesce(stop_reason, ${reason})`,
          stopRequestedAt: sql`coalesce(stop_requested_at, now())`,
          stopDeadline: sql`coalesce(stop_deadline, now())`,
          killedAt: sql`coalesce(killed_at, now())`,
        },
        () => ({ type: 'killing', message: `The bot is being killed (${reason})`, fields: { by, reason } }),
      )
      if (!first) await underClaim(db, claim, async () => {})
    },

    exited: (claim: BotClaim, runId: string, { exitCode, cause, oomKilled }: ExitFacts) =>
      advance(
        claim,
        runId,
        ['pending', 'created', 'starting', 'running', 'stopping', 'killing'],
        {
          phase: 'exited',
          exitedAt: sql`now()`,
          exitCode: exitCode ?? null,
          exitCause: cause,
          oomKilled,
          // A stop that was wished for before we could ask for it: this end is its answer, and its receipt belongs to it.
          stopMode: sql`coalesce(stop_mode, ${ifStopped(sql`'graceful'`)})`,
          stoppedBy: sql`coalesce(stopped_by, ${ifStopped(sql`'user'`)})`,
          stopRequestedAt: sql`coalesce(stop_requested_at, ${ifStopped(sql`now()`)})`,
        },
        (body) => ({
          type: 'exited',
          message: `The ${body} has ended: ${endings[cause]}${exitCode === undefined ? '' : ` (exit code ${exitCode})`}`,
          fields: { cause, oomKilled, ...(exitCode === undefined ? {} : { exitCode }) },
        }),
      ),

    /** Ends a run whose container never ran. `failed`: it counts as a crash. */
    aborted: (claim: BotClaim, runId: string, reason: string, failed: boolean) =>
      advance(
        claim,
        runId,
        ['pending', 'created', 'starting'],
        { phase: 'aborted', exitedAt: sql`now()`, ...(failed ? { exitCause: 'crash' } : {}), stopReason: reason },
        (body) => ({ type: 'aborted', message: `The run ended before its ${body} ran (${reason})` }),
      ),
  }
}
