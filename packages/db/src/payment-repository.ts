import { randomUUID } from 'node:crypto'
import { AppError, dayMs } from '@sath/core'
import { and, eq } from 'drizzle-orm'
import { type Actor, audit } from './audit-repository.js'
import { lockBot } from './bot-wishes.js'
import type { Db } from './client.js'
import { lockPlan } from './grant-repository.js'
import { type EffectivePlan, effectivePlan } from './plan-repository.js'
import { type paymentMethods, type paymentStatuses, payments, planGrants, plans } from './schema/index.js'
import { stackGrant, unstackGrant } from './stacked-grants.js'

export type Payment = typeof payments.$inferSelect
export type PaymentMethod = (typeof paymentMethods)[number]
export type PaymentStatus = (typeof paymentStatuses)[number]
export interface NewPayment {
  readonly tenantId: string
  readonly method: PaymentMethod
  /** Whole minor units of the currency. */
  readonly amountMinor: bigint
  readonly currency: string
  /** With the method it names the payment: the same again is the same payment. */
  readonly reference: string
  readonly proof?: string | undefined
  readonly planId?: string | undefined
  /** Days of the plan that it gives; absent: it gives none. */
  readonly days?: number | undefined
  /** Absent: now. */
  readonly paidAt?: Date | undefined
  readonly stripeInvoiceId?: string | undefined
  readonly stripeChargeId?: string | undefined
  readonly stripePaymentIntentId?: string | undefined
}

export interface Recorded {
  readonly payment: Payment
  /** The plan in force after it. */
  readonly plan: EffectivePlan
  /** False: it was in the ledger already, and nothing was done. */
  readonly isNew: boolean
}

/**
 * Writes a payment into the ledger and gives the days it pays for. Safe to repeat.
 *
 * @throws AppError not-found (the user), invalid-request (the plan), in-use (the reference is of another payment)
 */
export function recordPayment(db: Db, wish: NewPayment, actor: Actor): Promise<Recorded> {
  return db.transaction(async (tx) => {
    const { tenantId, planId, days } = wish
    await lockBot(tx, tenantId)
    const now = await lockPlan(tx, tenantId)
    if (planId !== undefined && (await tx.$count(plans, eq(plans.id, planId))) === 0)
      throw new AppError('invalid-request', 'No such plan.', { errors: [{ path: 'plan', message: 'no such plan' }] })
    const [row] = await tx
      .insert(payments)
      .values({ ...wish, paidAt: wish.paidAt ?? new Date(now), createdBy: actor.id })
      .onConflictDoNothing()
      .returning()
    if (!row) return { payment: await sameAs(tx, wish), plan: await effectivePlan(tx, tenantId), isNew: false }
    let payment = row
    if (planId !== undefined && days !== undefined) {
      const grantId = randomUUID()
      const grant = { id: grantId, source: 'payment', planId, ms: days * dayMs, reference: row.id } as const
      await stackGrant(tx, tenantId, grant, now)
      await tx.update(payments).set({ grantId }).where(eq(payments.id, row.id))
      payment = { ...row, grantId }
    }
    const { amountMinor, currency, method, reference } = wish
    const facts = { user: tenantId, amountMinor: `${amountMinor}`, currency, method, reference, plan: planId, days }
    await audit(tx, actor, action(actor, 'payment.record'), row.id, facts)
    return { payment, plan: await effectivePlan(tx, tenantId), isNew: true }
  })
}

/** People who record payments are admins; nobody is Stripe. */
function action(actor: Actor, what: string): string {
  return actor.id === null ? what : `admin.${what}`
}

/** The payment that has the reference already, if it is this one. */
async function sameAs(tx: Db, wish: NewPayment): Promise<Payment> {
  const { method, reference } = wish
  const [found] = await tx
    .select()
    .from(payments)
    .where(and(eq(payments.method, method), eq(payments.reference, reference)))
  const same =
    found?.tenantId === wish.tenantId &&
    found.amountMinor === wish.amountMinor &&
    found.currency === wish.currency &&
    found.planId === (wish.planId ?? null) &&
    found.days === (wish.days ?? null)
  if (found && same) return found
  throw new AppError('in-use', 'Another payment has this reference.', {
    errors: [{ path: 'reference', message: 'is that of another payment by the same method' }],
  })
}

/** What became of a payment. A refund in part leaves the days it gave; a full one and a dispute take back those still to come. */
export type PaymentChange =
  | { readonly status: 'paid' | 'refunded' | 'disputed' }
  | { readonly status: 'partially-refunded'; readonly refundedMinor: bigint }

/**
 * Safe to repeat. A payment that counts again, its dispute won, gives back the days that were taken.
 *
 * @returns undefined: there is no such payment
 * @throws AppError invalid-request (a part that is none), not-available (Stripe tells what became of its own)
 */
export function changePayment(db: Db, id: string, change: PaymentChange, actor: Actor): Promise<Payment | undefined> {
  return db.transaction(async (tx) => {
    const [seen] = await tx.select({ tenantId: payments.tenantId }).from(payments).where(eq(payments.id, id))
    if (!seen) return undefined
    const now = seen.tenantId === null ? undefined : await lockPlan(tx, seen.tenantId)
    const [before] = await tx.select().from(payments).where(eq(payments.id, id)).for('update')
    if (!before) return undefined
    if (before.method === 'stripe')
      throw new AppError('not-available', 'Refund or contest it at Stripe; what comes of it is seen here.')
    const refundedMinor = refundedAfter(before, change)
    if (before.status === change.status && before.refundedMinor === refundedMinor) return before
    const [row] = await tx
      .update(payments)
      .set({ status: change.status, refundedMinor })
      .where(eq(payments.id, id))
      .returning()
    if (now !== undefined && before.tenantId !== null && before.grantId !== null) {
      const counts = change.status === 'paid' || change.status === 'partially-refunded'
      if (counts) await giveBack(tx, before.tenantId, before.grantId, now)
      else await unstackGrant(tx, before.tenantId, before.grantId, now)
    }
    await audit(tx, actor, action(actor, 'payment.change'), id, {
      status: change.status,
      refundedMinor: `${refundedMinor}`,
    })
    return row
  })
}

function refundedAfter({ amountMinor, refundedMinor }: Payment, change: PaymentChange): bigint {
  if (change.status !== 'partially-refunded')
    return { paid: 0n, refunded: amountMinor, disputed: refundedMinor }[change.status]
  if (change.refundedMinor <= 0n || change.refundedMinor >= amountMinor)
    throw new AppError('invalid-request', 'A part is more than nothing and less than all.', {
      errors: [{ path: 'refunded', message: 'must be more than 0 and less than the amount' }],
    })
  return change.refundedMinor
}

async function giveBack(tx: Db, tenantId: string, grantId: string, now: number): Promise<void> {
  const [grant] = await tx.select().from(planGrants).where(eq(planGrants.id, grantId))
  if (!grant?.withdrawnMs) return
  const { id, planId, withdrawnMs: ms } = grant
  await stackGrant(tx, tenantId, { id, source: 'payment', planId, ms, reference: grant.reference ?? id }, now)
}
