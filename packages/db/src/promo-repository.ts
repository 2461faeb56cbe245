import { randomUUID } from 'node:crypto'
import { AppError, dayMs, type ErrorCode } from '@sath/core'
import { and, desc, eq, sql } from 'drizzle-orm'
import { type Actor, audit } from './audit-repository.js'
import { assertAccountOpen } from './bot-wishes.js'
import type { Db } from './client.js'
import { afterCursor, type Page, type PageRequest, type SortKey, toPage } from './cursor.js'
import { lockPlan } from './grant-repository.js'
import { type EffectivePlan, effectivePlan } from './plan-repository.js'
import { planGrants, plans, promoCodes, promoRedemptions, users } from './schema/index.js'
import { sqlState } from './sql-state.js'
import { stackGrant } from './stacked-grants.js'

export type PromoCode = typeof promoCodes.$inferSelect
export type NewPromoCode = Pick<PromoCode, 'code' | 'type' | 'planId' | 'days' | 'maxUses'> &
  Partial<Pick<PromoCode, 'expiresAt' | 'active' | 'note'>>
export type PromoEdit = { readonly [Name in keyof Omit<NewPromoCode, 'code'>]?: NewPromoCode[Name] | undefined }

export interface Redemption {
  readonly userId: string
  readonly email: string
  readonly redeemedAt: Date
  readonly startsAt: Date
  readonly endsAt: Date | null
}

export interface Redeemed {
  /** The plan in force after it. */
  readonly plan: EffectivePlan
  /** What the code gave; it may begin later, after what the tenant has already. */
  readonly grant: { readonly planId: string; readonly startsAt: Date; readonly endsAt: Date }
}

const codeOrder: readonly SortKey[] = [
  { column: promoCodes.createdAt, type: 'timestamptz' },
  { column: promoCodes.code, type: 'text' },
]
const redemptionOrder: readonly SortKey[] = [
  { column: promoRedemptions.redeemedAt, type: 'timestamptz' },
  { column: promoRedemptions.id, type: 'uuid' },
]

/** Promo codes, for admins. Each change is one transaction with its audit row. */
export function promoRepository(db: Db) {
  return {
    /** Newest first. */
    async list(filter: { readonly active?: boolean | undefined }, page: PageRequest): Promise<Page<PromoCode>> {
      const rows = await db
        .select()
        .from(promoCodes)
        .where(
          and(
            filter.active === undefined ? undefined : eq(promoCodes.active, filter.active),
            afterCursor(codeOrder, page.cursor),
          ),
        )
        .orderBy(desc(promoCodes.createdAt), desc(promoCodes.code))
        .limit(page.limit + 1)
      return toPage(
        rows,
        page.limit,
        (row) => [row.createdAt, row.code],
        (row) => row,
      )
    },
    /** @throws AppError in-use (the code is taken), invalid-request (no such plan) */
    create(promo: NewPromoCode, actor: Actor): Promise<PromoCode> {
      return db.transaction(async (tx) => {
        await assertPlan(tx, promo.planId)
        const [row] = await tx
          .insert(promoCodes)
          .values({ ...promo, createdBy: actor.id })
          .onConflictDoNothing()
          .returning()
        if (!row) throw new AppError('in-use', 'There is a promo code of this name already.')
        await audit(tx, actor, 'admin.promo.create', row.code, { ...promo })
        return row
      })
    },
    /**
     * Changes what a code gives from now on; what it has given stays. Undefined: there is no such code.
     *
     * @throws AppError invalid-request (no such plan, or fewer uses than there were)
     */
    edit(code: string, edit: PromoEdit, actor: Actor): Promise<PromoCode | undefined> {
      return db.transaction(async (tx) => {
        if (edit.planId !== undefined) await assertPlan(tx, edit.planId)
        const [row] = await usesKept(() => tx.update(promoCodes).set(edit).where(eq(promoCodes.code, code)).returning())
        if (row) await audit(tx, actor, 'admin.promo.edit', code, { ...edit })
        return row
      })
    },
    /** Who used it, newest first; undefined: there is no such code. */
    async redemptions(code: string, page: PageRequest): Promise<Page<Redemption> | undefined> {
      if ((await db.$count(promoCodes, eq(promoCodes.code, code))) === 0) return undefined
      const rows = await db
        .select({
          id: promoRedemptions.id,
          userId: promoRedemptions.tenantId,
          email: users.email,
          redeemedAt: promoRedemptions.redeemedAt,
          startsAt: planGrants.startsAt,
          endsAt: planGrants.endsAt,
        })
        .from(promoRedemptions)
        .innerJoin(users, eq(users.id, promoRedemptions.tenantId))
        .innerJoin(planGrants, eq(planGrants.id, promoRedemptions.grantId))
        .where(and(eq(promoRedemptions.code, code), afterCursor(redemptionOrder, page.cursor)))
        .orderBy(desc(promoRedemptions.redeemedAt), desc(promoRedemptions.id))
        .limit(page.limit + 1)
      return toPage(
        rows,
        page.limit,
        (row) => [row.redeemedAt, row.id],
        ({ id: _, ...row }) => row,
      )
    },
  }
}

/**
 * Uses a code once for a tenant. The bot's row lock first, as everything that changes a plan; then the code's, so that of those
 * who race for its last use one wins.
 *
 * @param code in upper case
 * @throws AppError not-found, promo-inactive, promo-expired, promo-used, promo-already-redeemed, account-inactive
 */
export function redeemPromo(db: Db, tenantId: string, code: string, actor: Actor): Promise<Redeemed> {
  return db.transaction(async (tx) => {
    const now = await lockPlan(tx, tenantId)
    await assertAccountOpen(tx, tenantId)
    const [promo] = await tx.select().from(promoCodes).where(eq(promoCodes.code, code)).for('update')
    const mine = and(eq(promoRedemptions.code, code), eq(promoRedemptions.tenantId, tenantId))
    if (!promo) throw new AppError('not-found', 'There is no such promo code.')
    const used = (await tx.$count(promoRedemptions, mine)) > 0
    const refusal = refusalOf(promo, { used, now })
    if (refusal) throw new AppError(...refusal)
    const { planId, days } = promo
    const [grantId, redemptionId] = [randomUUID(), randomUUID()]
    await stackGrant(
      tx,
      tenantId,
      { id: grantId, source: 'promo', planId, ms: days * dayMs, reference: redemptionId },
      now,
    )
    await tx.insert(promoRedemptions).values({ id: redemptionId, code, tenantId, grantId })
    await tx
      .update(promoCodes)
      .set({ uses: sql`${promoCodes.uses} + 1` })
      .where(eq(promoCodes.code, code))
    await audit(tx, actor, 'promo.redeem', code, { grantId })
    const [grant] = await tx.select().from(planGrants).where(eq(planGrants.id, grantId))
    if (!grant?.endsAt) throw new Error('the grant was not written')
    return {
      plan: await effectivePlan(tx, tenantId),
      grant: { planId, startsAt: grant.startsAt, endsAt: grant.endsAt },
    }
  })
}

function refusalOf(
  promo: PromoCode,
  { used, now }: { readonly used: boolean; readonly now: number },
): [ErrorCode, string] | undefined {
  if (used) return ['promo-already-redeemed', 'You have used this promo code already.']
  if (!promo.active) return ['promo-inactive', 'This promo code is no longer given out.']
  if (promo.expiresAt !== null && promo.expiresAt.getTime() <= now)
    return ['promo-expired', 'This promo code has expired.']
  if (promo.uses >= promo.maxUses) return ['promo-used', 'This promo code has been used up.']
  return undefined
}

async function assertPlan(tx: Db, planId: string): Promise<void> {
  if ((await tx.$count(plans, eq(plans.id, planId))) === 0)
    throw new AppError('invalid-request', 'No such plan.', { errors: [{ path: 'plan', message: 'no such plan' }] })
}

/** The database refuses fewer uses than there were. */
async function usesKept<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (sqlState(error) !== '23514') throw error
    throw new AppError('invalid-request', 'The code was used more often already.', {
      errors: [{ path: 'maxUses', message: 'must not be less than its uses so far' }],
    })
  }
}
