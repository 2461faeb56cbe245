import { and, desc, eq, notInArray, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { botRuns, bots, users } from './schema/index.js'

export type Bot = typeof bots.$inferSelect
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

/** The bot of a tenant with its newest runs; undefined where there is none. */
export async function readBot(db: Db, tenantId: string): Promise<BotView | undefined> {
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
}

/** Unfinished runs of one node, for the sweep's heartbeat and deadline checks. */
export function unfinishedRuns(db: Db, node: string) {
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
      startMemoryMiB: botRuns.startMemoryMiB,
      raisingTo: botRuns.raisingTo,
      startedAt: botRuns.startedAt,
      runningAt: botRuns.runningAt,
      lastHeartbeatAt: botRuns.lastHeartbeatAt,
      progressAt: botRuns.progressAt,
      stopDeadline: botRuns.stopDeadline,
      now: sql<number>`(extract(epoch from now()) * 1000)::float8`,
    })
    .from(botRuns)
    .where(and(eq(botRuns.node, node), notInArray(botRuns.phase, ['exited', 'aborted'])))
}

export type UnfinishedRun = Awaited<ReturnType<typeof unfinishedRuns>>[number]
