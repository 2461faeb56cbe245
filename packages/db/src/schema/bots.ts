import type { BotConfig, PlanLimits } from '@sath/core'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, instant, oneOf } from './columns.js'
import { users } from './users.js'

export const desiredStates = ['running', 'stopped'] as const
export const holds = ['admin', 'billing', 'crash-loop', 'credentials'] as const
export type Hold = (typeof holds)[number]

/** Something about a bot that people should know; derived by the program that sees it. */
export interface Condition {
  readonly type: string
  readonly reason: string
  readonly message: string
  /** ISO 8601. */
  readonly since: string
}

/** The plan as it was last applied to a bot. */
export interface AppliedPlan {
  readonly id: string
  readonly name: string
  readonly limits: PlanLimits
}

/**
 * The wish: one row per tenant. Triggers (see the migration) set `look_at` and ring `sath_bots` whenever desired state,
 * generation, epoch, hold or config version change, so no writer can forget the bell.
 */
export const bots = pgTable(
  'bots',
  {
    tenantId: uuid()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    desiredState: text({ enum: desiredStates }).notNull().default('stopped'),
    /** Counts wishes; observedGeneration is the last one that was carried out. */
    generation: bigint({ mode: 'number' }).notNull().default(0),
    observedGeneration: bigint({ mode: 'number' }).notNull().default(0),
    /** Only a run of exactly this epoch may enter orders. Only ever rises. */
    epoch: bigint({ mode: 'number' }).notNull().default(0),
    configVersion: integer().notNull().default(0),
    hold: text({ enum: holds }),
    holdReason: text(),
    heldAt: instant(),
    /** Conditions the orchestrator sees (unreachable, unhealthy, drift …). */
    conditions: jsonb().$type<readonly Condition[]>().notNull().default([]),
    /** Null: none yet. Compared with the plan in force, so that a change is applied whatever brought it about. */
    planApplied: jsonb().$type<AppliedPlan>(),
    /** What of the configuration the plan does not let trade. */
    planConditions: jsonb().$type<readonly Condition[]>().notNull().default([]),
    /** Crashes before this do not count against the bot: the user's start clears a crash loop. */
    crashesForgivenAt: instant(),
    /** When the orchestrator must look again; null = nothing to do until something changes. */
    lookAt: instant(),
    /** Counts the bells: two of them may carry the same time, and whoever answered the first has not heard the second. */
    rings: bigint({ mode: 'number' }).notNull().default(0),
    claimOwner: text(),
    claimToken: uuid(),
    claimUntil: instant(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (t) => [
    index('bots_look_at').on(t.lookAt).where(sql`${t.lookAt} is not null`),
    check('bots_desired_state', oneOf(t.desiredState, desiredStates)),
    check('bots_hold', sql`${t.hold} is null or ${oneOf(t.hold, holds)}`),
    check('bots_observed', sql`${t.observedGeneration} <= ${t.generation}`),
  ],
)

/** Every configuration ever saved. The version counts up per tenant. */
export const botConfigs = pgTable(
  'bot_configs',
  {
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    config: jsonb().$type<BotConfig>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.version] })],
)

export const runPhases = [
  'pending',
  'created',
  'starting',
  'running',
  'stopping',
  'killing',
  'exited',
  'aborted',
] as const
export type RunPhase = (typeof runPhases)[number]
export const stopModes = ['graceful', 'force'] as const
export const stoppers = ['user', 'admin', 'system'] as const
export const exitCauses = [
  'clean',
  'bad-config',
  'heap-exhausted',
  'out-of-memory',
  'crash',
  'killed-by-us',
  'killed-by-other',
  'engine-stopped',
  'removed',
] as const
export type ExitCause = (typeof exitCauses)[number]

export interface HeartbeatFacts {
  readonly progress: number
  readonly rssBytes: number
  readonly heapUsedBytes: number
  readonly loopLagMs: number
  readonly cpuPercent: number
}

/** What the gateway proves after a run has ended, as of `settledAt`. */
export interface Receipt {
  /** Orders working, pending or unknown, asked of the broker. */
  readonly openOrders: number
  readonly positionsClosed: number
  readonly positionsKept: readonly { readonly tradeId: string; readonly symbol: string; readonly expiresAt?: string }[]
  /** Empty when everything could be asked and done. */
  readonly problems: readonly string[]
}

/** What a container may use; `cpu` 1 = one core. */
export interface ContainerLimits {
  readonly memoryMiB: number
  readonly cpu: number
}

/** One incarnation of a bot. Phases only move forward. */
export const botRuns = pgTable(
  'bot_runs',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    epoch: bigint({ mode: 'number' }).notNull(),
    /** The bot's generation this run serves. */
    generation: bigint({ mode: 'number' }).notNull(),
    phase: text({ enum: runPhases }).notNull().default('pending'),
    node: text().notNull(),
    engine: text().notNull(),
    containerName: text(),
    containerId: text(),
    imageId: text(),
    /** What the container may use now. */
    memoryMiB: integer('memory_mib').notNull(),
    cpu: doublePrecision().notNull(),
    /** Memory that its command line was written for, where it was raised since; it says how large the heap may grow. */
    startMemoryMiB: integer('start_memory_mib'),
    /** Limits that the engine has been, or is about to be, asked for. */
    raisingTo: jsonb().$type<ContainerLimits>(),
    /** Runs before this one since the user's last start. */
    restarts: integer().notNull().default(0),
    createdAt: createdAt(),
    containerCreatedAt: instant(),
    startedAt: instant(),
    /** First heartbeat. */
    runningAt: instant(),
    lastHeartbeatAt: instant(),
    /** When the progress counter last rose. */
    progressAt: instant(),
    heartbeat: jsonb().$type<HeartbeatFacts>(),
    stopMode: text({ enum: stopModes }),
    stoppedBy: text({ enum: stoppers }),
    stopReason: text(),
    stopRequestedAt: instant(),
    stopDeadline: instant(),
    /** The bot answered that it enters nothing more. */
    drainedAt: instant(),
    /** When we sent SIGKILL. */
    killedAt: instant(),
    exitedAt: instant(),
    exitCode: integer(),
    exitCause: text({ enum: exitCauses }),
    oomKilled: boolean(),
    /** Written by the gateway after exit. */
    settledAt: instant(),
    receipt: jsonb().$type<Receipt>(),
  },
  (t) => [
    uniqueIndex('bot_runs_one_unfinished').on(t.tenantId).where(sql`${t.phase} not in ('exited', 'aborted')`),
    uniqueIndex('bot_runs_epoch').on(t.tenantId, t.epoch),
    index('bot_runs_tenant_created').on(t.tenantId, t.createdAt),
    index('bot_runs_unfinished').on(t.phase).where(sql`${t.phase} not in ('exited', 'aborted')`),
    index('bot_runs_unsettled').on(t.exitedAt).where(sql`${t.phase} = 'exited' and ${t.settledAt} is null`),
    check('bot_runs_phase', oneOf(t.phase, runPhases)),
    check('bot_runs_epoch_positive', sql`${t.epoch} > 0`),
    check('bot_runs_exit', sql`(${t.phase} in ('exited', 'aborted')) = (${t.exitedAt} is not null)`),
    check('bot_runs_exit_cause', sql`${t.exitCause} is null or ${oneOf(t.exitCause, exitCauses)}`),
    check(
      'bot_runs_stop',
      sql`(${t.stopMode} is null) = (${t.stopRequestedAt} is null) and (${t.stopMode} is null or ${oneOf(t.stopMode, stopModes)})`,
    ),
  ],
)

/** What happened to a bot, for people. Append-only, partitioned by day. */
export const runEvents = pgTable(
  'run_events',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    time: createdAt(),
    tenantId: uuid().notNull(),
    runId: uuid(),
    type: text().notNull(),
    message: text().notNull(),
    fields: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.time, t.id] }), index('run_events_tenant').on(t.tenantId, t.time)],
)
