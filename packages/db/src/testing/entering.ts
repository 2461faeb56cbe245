import { randomUUID } from 'node:crypto'
import type { BotConfig } from '@sath/core'
import { sql } from 'drizzle-orm'
import type { Db } from '../client.js'
import type { Entry } from '../entry-batch.js'
import { commitEntries } from '../entry-batch.js'
import { commitEntry, type EntryResult, type EntryWish } from '../entry-repository.js'
import { ensureDays } from '../partitions.js'
import { botConfigs, botRuns, bots, users } from '../schema/index.js'

/** Midnight of the day that entries of these tests belong to, UTC; epoch ms. */
export const day = Date.UTC(2024, 11, 2)
const utc = { from: day, to: day + 86_400_000 }

export interface EnteringBot {
  readonly tenantId: string
  readonly runId: string
  readonly strategyId: string
  readonly config: BotConfig
  /** An entry on the first candle of the day, on the greatest plan. */
  entry(symbol: string, changes?: Partial<EntryWish>): Entry
}

/** A running bot that may trade the symbols S0 to S59. */
export async function enteringBot(db: Db): Promise<EnteringBot> {
  await ensureDays(db, 'decisions', [day])
  await ensureDays(db, 'signals', [day])
  const [tenantId, runId, strategyId] = [randomUUID(), randomUUID(), randomUUID()]
  const strategy = {
    id: strategyId,
    enabled: true,
    symbols: Array.from({ length: 60 }, (_, n) => `S${n}`),
    timeframe: 'M1',
  }
  const config = {
    mode: 'paper',
    onStop: 'close',
    capital: '1000',
    risk: {},
    strategies: [strategy],
  } as unknown as BotConfig
  await db.insert(users).values({ id: tenantId, email: `${tenantId}@example.com`, passwordHash: 'x' })
  await db.insert(bots).values({ tenantId, desiredState: 'running', epoch: 1, configVersion: 1 })
  await db.insert(botConfigs).values({ tenantId, version: 1, config })
  await db.execute(
    sql`insert into plan_grants (tenant_id, plan_id, source) values (${tenantId}, 'enterprise', 'admin')`,
  )
  await db.insert(botRuns).values({
    id: runId,
    tenantId,
    epoch: 1,
    generation: 0,
    phase: 'running',
    node: 'n',
    engine: 'memory',
    memoryMiB: 128,
    cpu: 0.25,
  })
  return {
    tenantId,
    runId,
    strategyId,
    config,
    entry(symbol, changes = {}) {
      const intentId = randomUUID()
      const wish: EntryWish = {
        tenantId,
        runId,
        epoch: 1,
        configVersion: 1,
        config,
        tradeId: randomUUID(),
        orderId: randomUUID(),
        intentId,
        clientOrderId: intentId,
        strategyId,
        symbol,
        source: 'replay',
        account: 'paper',
        instrument: 'binary',
        direction: 'call',
        stake: '1',
        currency: 'USD',
        payout: '0.85',
        level: 0,
        reason: 'r',
        confidence: 0.5,
        indicators: {},
        durationMs: 60_000,
        signalTime: day,
        decidedAt: day + 60_000,
        days: { signal: utc, entry: utc },
        ...changes,
      }
      const decision = {
        tenantId,
        epoch: wish.epoch,
        strategyId,
        symbol,
        timeframe: 'M1',
        candleTime: wish.signalTime,
        configVersion: 1,
        outcome: 'traded',
        reason: 'r',
        tradeId: null,
        signal: null,
        state: '{"b":1,"a":0.1}',
        prolongs: undefined,
      } as const
      return { decision, wish }
    },
  }
}

/** The two ways to the same end. */
export const ways: Readonly<Record<string, (db: Db, entries: readonly Entry[]) => Promise<EntryResult[]>>> = {
  'each on its own': (db, entries) => Promise.all(entries.map(({ decision, wish }) => commitEntry(db, decision, wish))),
  'in groups of four, those that are left over on their own': async (db, entries) => {
    const groups = Array.from({ length: Math.ceil(entries.length / 4) }, (_, n) => entries.slice(4 * n, 4 * n + 4))
    const results = await Promise.all(
      groups.map(async (group) => {
        const together = await commitEntries(db, group)
        return Promise.all(
          group.map(async ({ decision, wish }, at) => together[at] ?? (await commitEntry(db, decision, wish))),
        )
      }),
    )
    return results.flat()
  },
}
