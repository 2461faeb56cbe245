/**
 * What people ask of a bot. Each verb is one transaction: the bot's row lock, the checks, the wish, its audit row. The
 * triggers ring; the orchestrator and the gateway make it so. All of them may be called inside of an open transaction.
 */
import { AppError, type BotConfig, type FieldError, type PlanLimits } from '@sath/core'
import { and, eq, isNull, notInArray, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import { type Actor, audit } from './audit-repository.js'
import type { Db } from './client.js'
import { effectivePlan } from './plan-repository.js'
import { botConfigs, botRuns, bots, users } from './schema/index.js'

export type WishedBot = typeof bots.$inferSelect
/** What a plan refuses in a configuration. */
export type PlanCheck = (config: BotConfig, limits: PlanLimits) => readonly FieldError[]

/** @throws AppError not-found */
export async function lockBot(tx: Db, tenantId: string): Promise<WishedBot> {
  const [bot] = await tx.select().from(bots).where(eq(bots.tenantId, tenantId)).for('update')
  if (!bot) throw new AppError('not-found', 'There is no such bot.')
  return bot
}

/** The tenant's newest configuration; undefined before the first save. */
export async function configOf(db: Db, bot: WishedBot): Promise<BotConfig | undefined> {
  const [row] = await db
    .select({ config: botConfigs.config })
    .from(botConfigs)
    .where(and(eq(botConfigs.tenantId, bot.tenantId), eq(botConfigs.version, bot.configVersion)))
  return row?.config
}

/**
 * Wants the bot to run. A start of a running bot changes nothing.
 *
 * @throws AppError config-missing, held, plan-limit
 */
export function startBot(db: Db, tenantId: string, actor: Actor, planCheck: PlanCheck): Promise<void> {
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, tenantId)
    await assertMayRun(tx, bot, planCheck)
    if (bot.desiredState === 'running' && bot.hold === null) return
    await wantRunning(tx, bot, actor, 'bot.start')
  })
}

/**
 * Wants a new run, whether or not there is one.
 *
 * @throws AppError config-missing, held, plan-limit
 */
export function restartBot(db: Db, tenantId: string, actor: Actor, planCheck: PlanCheck): Promise<void> {
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, tenantId)
    await assertMayRun(tx, bot, planCheck)
    await wantRunning(tx, bot, actor, 'bot.restart')
  })
}

/**
 * Under the bot's row lock, which closing an account takes too: a request that was let in just before the account was closed
 * changes nothing after it.
 *
 * @throws AppError account-inactive
 */
export async function assertAccountOpen(tx: Db, tenantId: string): Promise<void> {
  const open = and(eq(users.id, tenantId), eq(users.isActive, true), isNull(users.deletingAt))
  if ((await tx.$count(users, open)) === 0) throw new AppError('account-inactive', 'This account is closed.')
}

async function assertMayRun(tx: Db, bot: WishedBot, planCheck: PlanCheck): Promise<void> {
  await assertAccountOpen(tx, bot.tenantId)
  const config = await configOf(tx, bot)
  if (!config) throw new AppError('config-missing', 'The bot has no configuration yet.')
  assertNotHeld(bot)
  assertPlanAllows(planCheck(config, (await effectivePlan(tx, bot.tenantId)).limits))
}

/** @throws AppError held when an admin or billing holds the bot; the holds of the bot's own making end with a start */
export function assertNotHeld(bot: WishedBot): void {
  if (bot.hold === 'admin' || bot.hold === 'billing')
    throw new AppError(
      'held',
      bot.hold === 'admin' ? 'An administrator holds this bot.' : 'Held: the plan has no live trading.',
      {
        errors: [{ path: '', message: bot.holdReason ?? bot.hold }],
      },
    )
}

/** @throws AppError plan-limit */
export function assertPlanAllows(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new AppError('plan-limit', 'The plan does not allow this.', { errors })
}

async function wantRunning(tx: Db, bot: WishedBot, actor: Actor, action: string): Promise<void> {
  await tx
    .update(bots)
    .set({
      desiredState: 'running',
      generation: bot.generation + 1,
      hold: null,
      holdReason: null,
      heldAt: null,
      crashesForgivenAt: sql`now()`,
    })
    .where(eq(bots.tenantId, bot.tenantId))
  await audit(tx, actor, action, bot.tenantId, { generation: bot.generation + 1 })
}

/** Wants the bot to stop, gracefully. A stop of a stopped bot changes nothing. */
export function stopBot(db: Db, tenantId: string, actor: Actor): Promise<void> {
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, tenantId)
    if (bot.desiredState === 'stopped') return
    await wantStopped(tx, bot)
    await nameStopper(tx, tenantId, 'user', null)
    await audit(tx, actor, 'bot.stop', tenantId, { generation: bot.generation + 1 })
  })
}

/** What an admin wants of somebody's bot. */
export interface AdminStop {
  readonly mode: 'graceful' | 'force'
  readonly reason: string
  /** From the same transaction on, the tenant's own start is refused. */
  readonly hold: boolean
}

/**
 * An admin's stop. `force` raises the epoch under the lock, so the bot can enter no more orders even while it cannot be
 * killed, and makes the kill due at once.
 */
export function stopBotAsAdmin(db: Db, tenantId: string, actor: Actor, stop: AdminStop): Promise<void> {
  const force = stop.mode === 'force'
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, tenantId)
    await wantStopped(tx, bot, {
      ...(force ? { epoch: bot.epoch + 1 } : {}),
      ...(stop.hold ? { hold: 'admin' as const, holdReason: stop.reason, heldAt: sql`now()` } : {}),
    })
    if (force) await forceUnfinishedRun(tx, tenantId, stop.reason)
    else await nameStopper(tx, tenantId, 'admin', stop.reason)
    await audit(tx, actor, 'admin.bot.stop', tenantId, { ...stop })
  })
}

/** Ends a hold of any kind. The bot stays as it was wanted; the subscriber may start it again. */
export function releaseHold(db: Db, tenantId: string, actor: Actor): Promise<void> {
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, tenantId)
    await tx
      .update(bots)
      .set({ hold: null, holdReason: null, heldAt: null, crashesForgivenAt: sql`now()` })
      .where(eq(bots.tenantId, tenantId))
    await audit(tx, actor, 'admin.bot.release', tenantId, { hold: bot.hold })
  })
}

async function wantStopped(tx: Db, bot: WishedBot, more: PgUpdateSetSource<typeof bots> = {}): Promise<void> {
  await tx
    .update(bots)
    .set({ desiredState: 'stopped', generation: bot.generation + 1, ...more })
    .where(eq(bots.tenantId, bot.tenantId))
}

const unfinished = (tenantId: string) =>
  and(eq(botRuns.tenantId, tenantId), notInArray(botRuns.phase, ['exited', 'aborted']))

/** Who will have stopped the run; the orchestrator fills in the rest when it begins to. */
async function nameStopper(tx: Db, tenantId: string, by: 'user' | 'admin', reason: string | null): Promise<void> {
  await tx
    .update(botRuns)
    .set({ stoppedBy: by, stopReason: reason })
    .where(and(unfinished(tenantId), isNull(botRuns.stopRequestedAt)))
}

async function forceUnfinishedRun(tx: Db, tenantId: string, reason: string): Promise<void> {
  await tx
    .update(botRuns)
    .set({
      stopMode: 'force',
      stoppedBy: 'admin',
      stopReason: reason,
      stopRequestedAt: sql`coalesce(${botRuns.stopRequestedAt}, now())`,
      stopDeadline: sql`now()`,
    })
    .where(unfinished(tenantId))
}
