import { and, desc, eq, inArray, isNull, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { type BotClaim, ClaimLost, unclaimed, underClaim } from './run-claim.js'
import {
  botRuns,
  bots,
  type Condition,
  type ExitCause,
  type Hold,
  type RunPhase,
  runEvents,
  type stoppers,
  users,
} from './schema/index.js'

type Bot = typeof bots.$inferSelect
export type BotRun = typeof botRuns.$inferSelect

/** A bot as its orchestrator sees it, read at database time `now` (epoch ms). */
export interface BotView {
  readonly now: number
  readonly bot: Bot
  readonly deleting: boolean
  /** Of the plan in force. */
  readonly memoryMiB: number
  readonly cpu: number
  /** Newest epoch first, the last 30. */
  readonly runs: readonly BotRun[]
}

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

export interface NewRun {
  readonly id: string
  readonly node: string
  readonly engine: string
  readonly generation: number
  readonly memoryMiB: number
  readonly cpu: number
  readonly restarts: number
}

const finished: RunPhase[] = ['exited', 'aborted']

/** The value where the run's bot is to be stopped, else null. */
function ifStopped(value: SQL): SQL {
  return sql`(select ${value} from bots b where b.tenant_id = ${botRuns.tenantId} and b.desired_state = 'stopped')`
}

/** What the orchestrator reads and writes about one bot. Every write is bound to a claim, so it throws ClaimLost. */
export function runRepository(db: Db) {
  /** Writes to a run that is in one of these phases still, with the event that tells of it. Returns whether it was. */
  function advance(
    claim: BotClaim,
    runId: string,
    from: readonly RunPhase[],
    set: Record<string, unknown>,
    event: { type: string; message: string; fields?: Record<string, unknown> },
  ): Promise<boolean> {
    return underClaim(db, claim, async (tx) => {
      const moved = await tx
        .update(botRuns)
        .set(set)
        .where(and(eq(botRuns.id, runId), eq(botRuns.tenantId, claim.tenantId), inArray(botRuns.phase, [...from])))
        .returning({ id: botRuns.id })
      if (moved.length > 0) await tx.insert(runEvents).values({ tenantId: claim.tenantId, runId, ...event })
      return moved.length > 0
    })
  }

  return {
    async view(tenantId: string): Promise<BotView | undefined> {
      const [found] = await db
        .select({
          now: sql<number>`(extract(epoch from now()) * 1000)::float8`,
          bot: bots,
          deletingAt: users.deletingAt,
          memoryMiB: sql<number>`(select p.memory_mib from effective_plans p where p.tenant_id = ${bots.tenantId})`,
          cpu: sql<number>`(select p.cpu from effective_plans p where p.tenant_id = ${bots.tenantId})`,
        })
        .from(bots)
        .innerJoin(users, eq(users.id, bots.tenantId))
        .where(eq(bots.tenantId, tenantId))
      if (!found) return undefined
      const runs = await db
        .select()
        .from(botRuns)
        .where(eq(botRuns.tenantId, tenantId))
        .orderBy(desc(botRuns.epoch))
        .limit(30)
      const { now, bot, deletingAt, memoryMiB, cpu } = found
      return { now, bot, deleting: deletingAt !== null, memoryMiB, cpu, runs }
    },

    /** A new incarnation with the next epoch; undefined when the bot is no longer wanted in that generation. */
    beginRun(claim: BotClaim, run: NewRun): Promise<BotRun | undefined> {
      return underClaim(db, claim, async (tx, bot) => {
        if (bot.desiredState !== 'running' || bot.hold !== null || bot.generation !== run.generation) return undefined
        const [leaving] = await tx
          .select({ id: users.id })
          .from(users)
          .where(and(eq(users.id, claim.tenantId), isNull(users.deletingAt)))
        if (!leaving) return undefined
        const epoch = bot.epoch + 1
        const [inserted] = await tx
          .insert(botRuns)
          .values({ ...run, tenantId: claim.tenantId, epoch })
          .onConflictDoNothing()
          .returning()
        if (!inserted) return undefined
        await tx.update(bots).set({ epoch }).where(eq(bots.tenantId, claim.tenantId))
        await tx
          .insert(runEvents)
          .values({ tenantId: claim.tenantId, runId: run.id, type: 'run-begun', message: `Run ${epoch} begins` })
        return inserted
      })
    },

    created: (claim: BotClaim, runId: string, names: ContainerNames) =>
      advance(
        claim,
        runId,
        ['pending'],
        { phase: 'created', containerCreatedAt: sql`now()`, ...names },
        { type: 'container-created', message: 'The container was created and its hardening checked' },
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
        adopted
          ? { type: 'adopted', message: 'A running container was found and taken over' }
          : { type: 'starting', message: 'The container is being started' },
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
        { type: 'stopping', message: `The bot was asked to stop (${reason})`, fields: { by, reason } },
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
        { type: 'killing', message: `The bot is being killed (${reason})`, fields: { by, reason } },
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
        {
          type: 'exited',
          message: `The container has ended (${cause}${exitCode === undefined ? '' : `, exit code ${exitCode}`})`,
          fields: { cause, oomKilled, ...(exitCode === undefined ? {} : { exitCode }) },
        },
      ),

    /** Ends a run whose container never ran. `failed`: it counts as a crash. */
    aborted: (claim: BotClaim, runId: string, reason: string, failed: boolean) =>
      advance(
        claim,
        runId,
        ['pending', 'created', 'starting'],
        { phase: 'aborted', exitedAt: sql`now()`, ...(failed ? { exitCause: 'crash' } : {}), stopReason: reason },
        { type: 'aborted', message: `The run ended before its container ran (${reason})` },
      ),

    /** Holds the bot unless it is held already. */
    hold(claim: BotClaim, hold: Hold, reason: string): Promise<void> {
      return underClaim(db, claim, async (tx, bot) => {
        if (bot.hold !== null) return
        await tx
          .update(bots)
          .set({ hold, holdReason: reason, heldAt: sql`now()` })
          .where(eq(bots.tenantId, claim.tenantId))
        await tx.insert(runEvents).values({ tenantId: claim.tenantId, type: 'held', message: reason, fields: { hold } })
      })
    },

    /** A container newer than the rows (a restored database): the epoch counter is raised to its own, never lowered. */
    raiseEpoch(claim: BotClaim, epoch: number): Promise<void> {
      return underClaim(db, claim, async (tx, bot) => {
        if (bot.epoch >= epoch) return
        await tx.update(bots).set({ epoch }).where(eq(bots.tenantId, claim.tenantId))
        await tx.insert(runEvents).values({
          tenantId: claim.tenantId,
          type: 'epoch-raised',
          message: `A container of epoch ${epoch} was found though the rows knew ${bot.epoch}: was the database restored?`,
          fields: { epoch, known: bot.epoch },
        })
      })
    },

    /** Writes the run of a live container that the rows do not know. False when another run is unfinished. */
    adoptUnknown(
      claim: BotClaim,
      run: Omit<NewRun, 'generation'> & ContainerNames & { epoch: number },
    ): Promise<boolean> {
      return underClaim(db, claim, async (tx, bot) => {
        const inserted = await tx
          .insert(botRuns)
          .values({
            ...run,
            tenantId: claim.tenantId,
            generation: bot.generation,
            phase: 'starting',
            startedAt: sql`now()`,
            containerCreatedAt: sql`now()`,
          })
          .onConflictDoNothing()
          .returning({ id: botRuns.id })
        return inserted.length > 0
      })
    },

    /**
     * The end of a pass, and of its claim: what was carried out, when to look again (ms from now; undefined: when something
     * changes) and what people should know. Changes nothing and answers false when the wish has changed since it was seen.
     */
    async settle(
      claim: BotClaim,
      seen: Bot,
      outcome: { observed: boolean; lookInMs: number | undefined; conditions: readonly Condition[] },
    ): Promise<boolean> {
      const mine = and(eq(bots.tenantId, claim.tenantId), eq(bots.claimToken, claim.token))
      const unrung = sql`${bots.lookAt} is not distinct from ${seen.lookAt?.toISOString() ?? null}::timestamptz`
      const unheld = sql`${bots.hold} is not distinct from ${seen.hold}`
      const settled = await db
        .update(bots)
        .set({
          lookAt:
            outcome.lookInMs === undefined
              ? null
              : sql`date_trunc('milliseconds', now()) + ${Math.ceil(outcome.lookInMs)} * interval '1 millisecond'`,
          conditions: outcome.conditions,
          ...(outcome.observed ? { observedGeneration: seen.generation } : {}),
          ...unclaimed,
        })
        .where(
          and(
            mine,
            eq(bots.desiredState, seen.desiredState),
            eq(bots.generation, seen.generation),
            eq(bots.epoch, seen.epoch),
            unheld,
            unrung,
          ),
        )
        .returning({ tenantId: bots.tenantId })
      if (settled.length > 0) return true
      if ((await db.$count(bots, mine)) === 0) throw new ClaimLost(claim.tenantId)
      return false
    },

    async event(
      tenantId: string,
      event: { type: string; message: string; runId?: string | undefined; fields?: Record<string, unknown> },
    ): Promise<void> {
      await db.insert(runEvents).values({ ...event, tenantId })
    },

    /** Unfinished runs of one node, for the sweep's heartbeat and deadline checks. */
    unfinished(node: string) {
      return db
        .select({
          id: botRuns.id,
          tenantId: botRuns.tenantId,
          epoch: botRuns.epoch,
          phase: botRuns.phase,
          containerId: botRuns.containerId,
          imageId: botRuns.imageId,
          memoryMiB: botRuns.memoryMiB,
          cpu: botRuns.cpu,
          startedAt: botRuns.startedAt,
          runningAt: botRuns.runningAt,
          lastHeartbeatAt: botRuns.lastHeartbeatAt,
          progressAt: botRuns.progressAt,
          stopDeadline: botRuns.stopDeadline,
          now: sql<number>`(extract(epoch from now()) * 1000)::float8`,
        })
        .from(botRuns)
        .where(and(eq(botRuns.node, node), notInArray(botRuns.phase, finished)))
    },
  }
}

export type RunRepository = ReturnType<typeof runRepository>
export type UnfinishedRun = Awaited<ReturnType<RunRepository['unfinished']>>[number]
