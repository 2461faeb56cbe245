import { grantSources } from '@sath/core'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, instant, oneOf } from './columns.js'
import { plans } from './plans.js'
import { users } from './users.js'

/** Now, cut to the column's milliseconds: rounded up it would lie in the future, and a grant from now on would not run yet. */
export const nowMs = sql`date_trunc('milliseconds', statement_timestamp())`

/**
 * Everything that gives a tenant a plan. The plan in force follows from these rows and the clock alone (see the function
 * `plan_in_force` and the view `effective_plans`). A trigger rings `sath_plans` and asks the orchestrator to look.
 */
export const planGrants = pgTable(
  'plan_grants',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    source: text({ enum: grantSources }).notNull(),
    planId: text()
      .notNull()
      .references(() => plans.id),
    startsAt: instant().notNull().default(nowMs),
    /** The first moment without it; null: without end. */
    endsAt: instant(),
    /** What gave it: Stripe's subscription, our redemption or payment. */
    reference: text(),
    /** Time that was still to come when it was taken back, ms; null: it was not. */
    withdrawnMs: bigint({ mode: 'number' }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('plan_grants_reference').on(t.source, t.reference).where(sql`${t.reference} is not null`),
    index('plan_grants_tenant').on(t.tenantId, t.endsAt),
    index('plan_grants_ends').on(t.endsAt),
    check('plan_grants_source', oneOf(t.source, grantSources)),
    check('plan_grants_order', sql`${t.endsAt} >= ${t.startsAt}`),
    check('plan_grants_days', sql`${t.source} in ('admin', 'stripe') or ${t.endsAt} is not null`),
    check('plan_grants_subscription', sql`${t.source} <> 'stripe' or ${t.reference} is not null`),
    check('plan_grants_withdrawn', sql`${t.withdrawnMs} >= 0`),
  ],
)

/** Warnings that went out before a grant's end, so that each goes out once; a grant that is prolonged warns again. */
export const grantReminders = pgTable(
  'grant_reminders',
  {
    grantId: uuid()
      .notNull()
      .references(() => planGrants.id, { onDelete: 'cascade' }),
    endsAt: instant().notNull(),
    daysBefore: integer().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.grantId, t.endsAt, t.daysBefore] }),
    check('grant_reminders_days', sql`${t.daysBefore} > 0`),
  ],
)

export const promoTypes = ['reseller', 'agent', 'courtesy'] as const
export const promoCodes = pgTable(
  'promo_codes',
  {
    /** Upper case. */
    code: text().primaryKey(),
    type: text({ enum: promoTypes }).notNull(),
    planId: text()
      .notNull()
      .references(() => plans.id),
    days: integer().notNull(),
    maxUses: integer().notNull(),
    uses: integer().notNull().default(0),
    /** Null: never. */
    expiresAt: instant(),
    active: boolean().notNull().default(true),
    note: text(),
    /** User id; stays when the user goes, as in the audit log. */
    createdBy: uuid(),
    createdAt: createdAt(),
  },
  (t) => [
    index('promo_codes_created').on(t.createdAt, t.code),
    check('promo_codes_code', sql`${t.code} ~ '^[A-Z0-9][A-Z0-9-]{2,39}$'`),
    check('promo_codes_type', oneOf(t.type, promoTypes)),
    check('promo_codes_days', sql`${t.days} between 1 and 3660`),
    check('promo_codes_uses', sql`${t.uses} >= 0 and ${t.uses} <= ${t.maxUses} and ${t.maxUses} > 0`),
  ],
)

/** Who has used a code; gone with the user, while the code's own count stays. */
export const promoRedemptions = pgTable(
  'promo_redemptions',
  {
    id: uuid().primaryKey().defaultRandom(),
    code: text()
      .notNull()
      .references(() => promoCodes.code),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    grantId: uuid()
      .notNull()
      .references(() => planGrants.id, { onDelete: 'cascade' }),
    redeemedAt: createdAt(),
  },
  (t) => [
    uniqueIndex('promo_redemptions_once').on(t.code, t.tenantId),
    index('promo_redemptions_code').on(t.code, t.redeemedAt),
    index('promo_redemptions_tenant').on(t.tenantId),
    index('promo_redemptions_grant').on(t.grantId),
  ],
)
