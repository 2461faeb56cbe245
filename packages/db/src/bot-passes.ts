import { and, eq, sql } from 'drizzle-orm'
import type { Bot } from './bot-view.js'
import type { Db } from './client.js'
import { type BotClaim, ClaimLost, unclaimed, underClaim } from './run-claim.js'
import { bots, type Condition, type Hold, runEvents } from './schema/index.js'

/** What a pass of the orchestrator leaves in the bot's own row. */
export function botPasses(db: Db) {
  return {
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

    /**
     * The end of a pass, and of its claim: what was carried out, when to look again (ms from now; undefined: when something
     * changes) and what people should know. Changes nothing and answers false when the wish has changed, or a bell rung, since it was seen.
     */
    async settle(
      claim: BotClaim,
      seen: Bot,
      outcome: { observed: boolean; lookInMs: number | undefined; conditions: readonly Condition[] },
    ): Promise<boolean> {
      const mine = and(eq(bots.tenantId, claim.tenantId), eq(bots.claimToken, claim.token))
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
            eq(bots.rings, seen.rings),
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
  }
}
