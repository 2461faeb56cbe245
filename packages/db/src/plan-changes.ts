import type { BotConfig } from '@sath/core'
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { audit } from './audit-repository.js'
import { configOf, lockBot, type WishedBot } from './bot-wishes.js'
import type { Db } from './client.js'
import type { TradeRow } from './order-repository.js'
import { type AppliedPlan, bots, type Condition, runEvents, trades, users } from './schema/index.js'
import { openTrades } from './trade-repository.js'

/** A bot without a hold. */
export const unheld = { hold: null, holdReason: null, heldAt: null }
/** Sath itself acts here. */
const nobody = { id: null, address: null, agent: null }

/** What a plan in force (`e`, a row of effective_plans) means for a bot, as jsonb in the shape of AppliedPlan. */
const terms: SQL = sql`jsonb_build_object('id', e.id, 'name', e.name, 'limits', jsonb_build_object(
  'maxStrategies', e.max_strategies, 'maxSymbols', e.max_symbols, 'maxTradesPerDay', e.max_trades_per_day,
  'maxCapitalPerTrade', trim_scale(e.max_capital_per_trade)::text, 'maxCapital', trim_scale(e.max_capital)::text,
  'modes', to_jsonb(e.modes), 'multiTimeframe', e.multi_timeframe, 'backtesting', e.backtesting,
  'historyDays', e.history_days, 'aiEnsemble', e.ai_ensemble, 'apiAccess', e.api_access,
  'logRetentionDays', e.log_retention_days, 'memoryMiB', e.memory_mib, 'cpu', e.cpu))`

/**
 * Tenants whose plan in force is not the one that was last applied to their bot, whatever changed it, a grant that ran out
 * included. In no order, so that several who work on them seldom meet.
 */
export async function unappliedPlans(db: Db, limit: number): Promise<string[]> {
  const rows = await db.execute<{ tenantId: string }>(sql`
    select b.tenant_id as "tenantId"
    from bots b join effective_plans e on e.tenant_id = b.tenant_id join users u on u.id = b.tenant_id
    where u.deleting_at is null and b.plan_applied is distinct from ${terms}
    order by random() limit ${limit}`)
  return rows.map(({ tenantId }) => tenantId)
}

/** What a change of plan meets. */
export interface PlanSituation {
  readonly bot: WishedBot
  readonly email: string
  readonly locale: string
  readonly isActive: boolean
  /** Null: none was applied yet. */
  readonly before: AppliedPlan | null
  readonly plan: AppliedPlan
  readonly config: BotConfig | undefined
  /** What is, or may be, open. */
  readonly positions: readonly TradeRow[]
}

/** Locks the bot and reads what its plan is to be applied to; undefined: it was applied meanwhile. Call it in a transaction. */
export async function lockPlanSituation(tx: Db, tenantId: string): Promise<PlanSituation | undefined> {
  const bot = await lockBot(tx, tenantId)
  // A statement of its own: only what is read after the lock is sure to see what others wrote under it.
  const [found] = await tx
    .select({
      email: users.email,
      locale: users.locale,
      isActive: users.isActive,
      plan: sql<AppliedPlan>`${terms}`,
      isNew: sql<boolean>`${bots.planApplied} is distinct from ${terms}`,
    })
    .from(users)
    .innerJoin(bots, eq(bots.tenantId, users.id))
    .innerJoin(sql`effective_plans e`, sql`e.tenant_id = ${users.id}`)
    .where(and(eq(users.id, tenantId), sql`${users.deletingAt} is null`))
  if (!found?.isNew) return undefined
  const { isNew: _, ...user } = found
  const config = await configOf(tx, bot)
  return { ...user, bot, before: bot.planApplied, config, positions: await openTrades(tx, tenantId) }
}

export interface AppliedChange {
  readonly conditions: readonly Condition[]
  /** Trades that are to be closed; of all others nobody asks it any more. */
  readonly closes: readonly string[]
  /** `stop`: the bot is stopped and held until the way out that the reason names is taken. */
  readonly billing: { readonly kind: 'stop'; readonly reason: string } | { readonly kind: 'release' } | undefined
  /** For the owner's events and the audit log; undefined: nothing worth telling. */
  readonly event: { readonly message: string; readonly fields: Record<string, unknown> } | undefined
}

/**
 * Writes a plan down as applied, with what follows from it, and rings for orchestrator and gateway. In the transaction of
 * `lockPlanSituation`.
 */
export async function writeAppliedPlan(
  tx: Db,
  { bot, before, plan }: PlanSituation,
  change: AppliedChange,
): Promise<void> {
  const { tenantId } = bot
  const { billing, event, closes } = change
  await tx
    .update(bots)
    .set({
      planApplied: plan,
      planConditions: change.conditions,
      // The first plan of a bot that is new changes nothing about it.
      ...(before ? { lookAt: sql`date_trunc('milliseconds', now())` } : {}),
      ...(billing?.kind === 'stop' ? stopAndHold(bot, billing.reason) : {}),
      ...(billing?.kind === 'release' ? unheld : {}),
    })
    .where(eq(bots.tenantId, tenantId))
  const asked = closes.length === 0 ? sql`false` : inArray(trades.id, [...closes])
  await tx
    .update(trades)
    .set({ closeAskedAt: sql`case when ${asked} then coalesce(${trades.closeAskedAt}, now()) end` })
    .where(
      and(
        eq(trades.tenantId, tenantId),
        inArray(trades.status, ['pending', 'open', 'unknown']),
        sql`(${trades.closeAskedAt} is not null) <> (${asked})`,
      ),
    )
  if (event) {
    await tx.insert(runEvents).values({ tenantId, type: 'plan-changed', ...event })
    await audit(tx, nobody, 'plan.applied', tenantId, event.fields)
  }
  if (billing?.kind === 'stop')
    await tx.insert(runEvents).values({ tenantId, type: 'held', message: billing.reason, fields: { hold: 'billing' } })
  if (billing?.kind === 'release') await tellRelease(tx, tenantId)
  await tx.execute(sql`select pg_notify('sath_plans', ${tenantId}::text)`)
}

/** An administrator's hold is the stronger one. */
function stopAndHold(bot: WishedBot, reason: string) {
  return {
    desiredState: 'stopped' as const,
    generation: bot.generation + 1,
    ...(bot.hold === 'admin' ? {} : { hold: 'billing' as const, holdReason: reason, heldAt: sql`now()` }),
  }
}

/** The owner's events tell that billing does not hold the bot any more. */
export async function tellRelease(tx: Db, tenantId: string): Promise<void> {
  const message = 'Billing does not hold the bot any more; it can be started.'
  await tx.insert(runEvents).values({ tenantId, type: 'released', message, fields: { hold: 'billing' } })
}

/** Open paper trades of a source that somebody asked to have closed. */
export async function askedCloses(db: Db, source: string): Promise<{ tenantId: string; tradeIds: string[] }[]> {
  const rows = await db.execute<{ tenantId: string; tradeIds: string[] }>(sql`
    select tenant_id as "tenantId", json_agg(id) as "tradeIds" from trades
    where status = 'open' and close_asked_at is not null and account = 'paper' and source = ${source}
    group by tenant_id`)
  return [...rows]
}
