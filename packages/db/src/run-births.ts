import { and, eq, isNull, sql } from 'drizzle-orm'
import type { BotRun } from './bot-view.js'
import type { Db } from './client.js'
import { type BotClaim, underClaim } from './run-claim.js'
import type { ContainerNames } from './run-phases.js'
import { botRuns, bots, runEvents, users } from './schema/index.js'

export interface NewRun {
  readonly id: string
  readonly node: string
  readonly engine: string
  readonly generation: number
  readonly memoryMiB: number
  readonly cpu: number
  readonly restarts: number
}

/** How a run comes into the rows. */
export function runBirths(db: Db) {
  return {
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
  }
}
