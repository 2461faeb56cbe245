import { AppError, type BotConfig } from '@sath/core'
import { eq, sql } from 'drizzle-orm'
import { type Actor, audit } from './audit-repository.js'
import { assertPlanAllows, configOf, lockBot, type PlanCheck } from './bot-wishes.js'
import type { Db } from './client.js'
import { credentialRepository } from './credential-repository.js'
import { tellRelease, unheld } from './plan-changes.js'
import { effectivePlan } from './plan-repository.js'
import { botConfigs, bots, brokerAccounts } from './schema/index.js'

export interface ConfigDocument {
  /** 0 before the first save. */
  readonly version: number
  readonly config: BotConfig | null
}

export async function readConfig(db: Db, tenantId: string): Promise<ConfigDocument> {
  const [bot] = await db.select().from(bots).where(eq(bots.tenantId, tenantId))
  if (!bot) throw new AppError('not-found', 'There is no such bot.')
  return { version: bot.configVersion, config: (await configOf(db, bot)) ?? null }
}

/**
 * Saves a configuration as the next version, in one transaction under the bot's row lock. The first save opens the paper
 * account with the configuration's capital. A running bot takes it over by itself: the bell rings, the generation stays. It
 * fits the plan, so nothing of it is paused, and billing holds the bot no longer.
 *
 * @param version the version that the caller saw
 * @throws AppError version-conflict, plan-limit, not-available (live trading), invalid-request (somebody else's broker key)
 */
export function saveConfig(
  db: Db,
  tenantId: string,
  actor: Actor,
  { version, config }: { readonly version: number; readonly config: BotConfig },
  rules: { readonly planCheck: PlanCheck; readonly liveAllowed: boolean },
): Promise<ConfigDocument> {
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, tenantId)
    if (bot.configVersion !== version)
      throw new AppError('version-conflict', `The configuration is at version ${bot.configVersion} by now.`)
    const { limits } = await effectivePlan(tx, tenantId)
    assertPlanAllows(rules.planCheck(config, limits))
    if (config.mode === 'live' && !rules.liveAllowed)
      throw new AppError('not-available', 'Live trading is not available on this installation.', {
        errors: [{ path: 'mode', message: 'must be "paper"' }],
      })
    await assertOwnAccounts(tx, tenantId, config)
    const next = version + 1
    await tx.insert(botConfigs).values({ tenantId, version: next, config })
    // The way out of it: a plan that may trade what is configured now.
    const released = bot.hold === 'billing' && limits.modes.includes(config.mode)
    await tx
      .update(bots)
      .set({ configVersion: next, planConditions: [], ...(released ? unheld : {}) })
      .where(eq(bots.tenantId, tenantId))
    if (released) await tellRelease(tx, tenantId)
    await tx
      .insert(brokerAccounts)
      .values({ tenantId, account: 'paper', currency: 'USD', startBalance: config.capital, balance: config.capital })
      .onConflictDoNothing()
    await audit(tx, actor, 'bot.config-saved', tenantId, { version: next })
    return { version: next, config }
  })
}

async function assertOwnAccounts(tx: Db, tenantId: string, config: BotConfig): Promise<void> {
  const named = config.strategies.flatMap(({ brokerAccountId }) => brokerAccountId ?? [])
  const own = await credentialRepository(tx, tenantId).ownBrokerKeys(named)
  const errors = config.strategies.flatMap(({ brokerAccountId }, index) =>
    brokerAccountId === undefined || own.has(brokerAccountId)
      ? []
      : [{ path: `config.strategies.${index}.brokerAccountId`, message: 'is none of your broker keys' }],
  )
  if (errors.length > 0) throw new AppError('invalid-request', 'A strategy names an unknown account.', { errors })
}

/** Names of the strategies of the newest configuration that trade on this key. Call it under the bot's row lock. */
export async function strategiesUsing(tx: Db, tenantId: string, credentialId: string): Promise<string[]> {
  const rows = await tx.execute<{ name: string }>(sql`
    select s ->> 'name' as name
    from bots b
    join bot_configs c on c.tenant_id = b.tenant_id and c.version = b.config_version,
    jsonb_array_elements(c.config -> 'strategies') s
    where b.tenant_id = ${tenantId} and s ->> 'brokerAccountId' = ${credentialId}`)
  return rows.map(({ name }) => name)
}
