import { randomUUID } from 'node:crypto'
import { and, eq, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { bots } from './schema/index.js'

/** The right to act for one bot until it is released, expires, or somebody else has taken it over. */
export interface BotClaim {
  readonly tenantId: string
  readonly token: string
}

/** Somebody else acts for this bot now: whatever was in hand must be dropped. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
  constructor(tenantId: string) {
    super(`the claim on bot ${tenantId} is lost`)
  }
}

/** A claimant that says nothing for this long has lost its claim to whoever asks next. */
export const claimMs = 15_000
/** A bot's row without a claimant. */
export const unclaimed = { claimOwner: null, claimToken: null, claimUntil: null }
const freshUntil = sql`now() + ${claimMs} * interval '1 millisecond'`

/** Claims a bot unless another owner holds it; undefined then, and where there is no such bot. */
export function claimBot(db: Db, tenantId: string, owner: string): Promise<BotClaim | undefined> {
  return claimWhere(db, tenantId, owner, undefined)
}

/** The same, but undefined as well when the bot does not ask to be looked at now. */
export function claimDueBot(db: Db, tenantId: string, owner: string): Promise<BotClaim | undefined> {
  return claimWhere(db, tenantId, owner, lte(bots.lookAt, sql`now()`))
}

async function claimWhere(
  db: Db,
  tenantId: string,
  owner: string,
  condition: SQL | undefined,
): Promise<BotClaim | undefined> {
  const token = randomUUID()
  const free = or(isNull(bots.claimToken), lt(bots.claimUntil, sql`now()`), eq(bots.claimOwner, owner))
  const taken = await db
    .update(bots)
    .set({ claimOwner: owner, claimToken: token, claimUntil: freshUntil })
    .where(and(eq(bots.tenantId, tenantId), free, condition))
    .returning({ tenantId: bots.tenantId })
  return taken.length > 0 ? { tenantId, token } : undefined
}

/** Lets go; a claim that is somebody else's by now stays. */
export async function releaseClaim(db: Db, { tenantId, token }: BotClaim): Promise<void> {
  await db
    .update(bots)
    .set(unclaimed)
    .where(and(eq(bots.tenantId, tenantId), eq(bots.claimToken, token)))
}

/**
 * Runs `work` in one transaction under the bot's row lock, only while the claim is ours, and prolongs it. So a claimant that
 * was paused and wakes changes nothing.
 *
 * @throws ClaimLost
 */
export function underClaim<T>(
  db: Db,
  { tenantId, token }: BotClaim,
  work: (tx: Db, bot: typeof bots.$inferSelect) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    const [bot] = await tx
      .update(bots)
      .set({ claimUntil: freshUntil })
      .where(and(eq(bots.tenantId, tenantId), eq(bots.claimToken, token)))
      .returning()
    if (!bot) throw new ClaimLost(tenantId)
    return work(tx, bot)
  })
}
