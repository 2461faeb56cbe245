import { and, eq, notInArray, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { type BotClaim, underClaim } from './run-claim.js'
import { botRuns, type ContainerLimits, runEvents } from './schema/index.js'

/** What a running container is given beyond what it was started with. */
export function runLimits(db: Db) {
  const mine = ({ tenantId }: BotClaim, runId: string) =>
    and(eq(botRuns.id, runId), eq(botRuns.tenantId, tenantId), notInArray(botRuns.phase, ['exited', 'aborted']))
  return {
    /** Written before the engine is asked, so that a container with the new limits is no surprise. */
    raising: (claim: BotClaim, runId: string, to: ContainerLimits): Promise<void> =>
      underClaim(db, claim, async (tx) => {
        await tx.update(botRuns).set({ raisingTo: to }).where(mine(claim, runId))
      }),

    /** The engine has done it. */
    raised: (claim: BotClaim, runId: string, limits: ContainerLimits): Promise<void> =>
      underClaim(db, claim, async (tx) => {
        const startMemoryMiB = sql`coalesce(${botRuns.startMemoryMiB}, ${botRuns.memoryMiB})`
        const { memoryMiB, cpu } = limits
        const raised = await tx
          .update(botRuns)
          .set({ memoryMiB, cpu, startMemoryMiB, raisingTo: null })
          .where(mine(claim, runId))
          .returning({ id: botRuns.id })
        if (raised.length === 0) return
        const message = `The container may use ${memoryMiB} MiB and ${cpu} CPU from now on`
        await tx
          .insert(runEvents)
          .values({ tenantId: claim.tenantId, runId, type: 'limits-raised', message, fields: { memoryMiB, cpu } })
      }),
  }
}
