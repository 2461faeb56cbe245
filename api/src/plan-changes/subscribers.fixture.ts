import { randomUUID } from 'node:crypto'
import type { BotConfig } from '@sath/core'
import {
  botRuns,
  bots,
  commitEntry,
  type EntryWish,
  grantPlan,
  outbox,
  outboxRepository,
  runEvents,
  saveConfig,
  startBot,
  trades,
} from '@sath/db'
import { configErrors } from '@sath/engine'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { config, runRow, strategy, type TestApp, type TestUser } from '../app.fixture.js'
import { startPlanChanges } from './plan-change-loop.js'

const nobody = { id: null, address: null, agent: null }
const publicUrl = 'https://sath.example'
const silent = pino({ level: 'silent' })
const rules = { planCheck: configErrors, liveAllowed: true }

export function loopOf(t: { teardown(run: () => unknown): void }, database: TestApp, everyMs = 25) {
  const loop = startPlanChanges({ database, log: silent, publicUrl, everyMs })
  t.teardown(() => loop.stop())
  return loop
}

/** Three strategies, of which the first may go on when the plan is free. */
export const three = (changes: Partial<BotConfig> = {}): BotConfig =>
  config({
    strategies: [
      strategy({ name: 'Alpha' }),
      strategy({ name: 'Beta', symbols: ['ETHUSDT'], instrument: 'spot' }),
      strategy({ name: 'Gamma' }),
    ],
    ...changes,
  })

/** A user on a plan, with this configuration and its bot wanted, as if it were running; the plan has been applied. */
export async function subscriber(
  at: TestApp,
  loop: { now(): Promise<void> },
  plan: string,
  saved: BotConfig,
): Promise<TestUser> {
  const user = await at.user()
  await grantPlan(at.db, user.id, { planId: plan })
  await saveConfig(at.db, user.id, nobody, { version: 0, config: saved }, rules)
  await startBot(at.db, user.id, nobody, configErrors)
  await at.db.update(bots).set({ epoch: 1 }).where(eq(bots.tenantId, user.id))
  await at.db.insert(botRuns).values(runRow(user.id))
  await loop.now()
  // The loop may have seen the user before the plan.
  await at.db.delete(runEvents).where(eq(runEvents.tenantId, user.id))
  await at.db.delete(outbox).where(eq(outbox.toAddress, user.email))
  return user
}

export async function botOf({ db }: TestApp, { id }: TestUser) {
  const [bot] = await db.select().from(bots).where(eq(bots.tenantId, id))
  if (!bot) throw new Error('no bot')
  return bot
}
export const eventsOf = async ({ db }: TestApp, { id }: TestUser) =>
  (await db.select().from(runEvents).where(eq(runEvents.tenantId, id)).orderBy(runEvents.id)).map(({ type }) => type)
export const subjectsOf = async ({ db }: TestApp, { email }: TestUser) =>
  (await outboxRepository(db).list(email)).map(({ subject }) => subject)
export const conditionsOf = async (at: TestApp, user: TestUser) =>
  (await at.call('GET', '/v1/bot/status', { as: user })).json<{
    conditions: { type: string; reason: string; message: string }[]
  }>().conditions

export const signalTime = Date.UTC(2024, 11, 2)

/** An open position of the strategy at this place of the configuration. */
export async function openTrade(
  { db }: TestApp,
  { id }: TestUser,
  { strategies }: BotConfig,
  place: number,
): Promise<string> {
  const one = strategies[place]
  const [row] = await db
    .insert(trades)
    .values({
      tenantId: id,
      strategyId: one?.id ?? null,
      symbol: one?.symbols[0] ?? '',
      source: 'replay',
      account: 'paper',
      instrument: one?.instrument ?? 'spot',
      direction: 'call',
      stake: '1',
      currency: 'USD',
      payout: '0.85',
      status: 'open',
      signalTime: new Date(signalTime),
      marketDay: '2024-12-02',
    })
    .returning({ id: trades.id })
  return row?.id ?? ''
}

/** The third strategy wants to enter on its nth candle. */
export function enter({ db }: TestApp, { id: tenantId }: TestUser, saved: BotConfig, n: number) {
  const one = saved.strategies[2]
  const day = { from: signalTime, to: signalTime + 86_400_000 }
  const at = signalTime + n * 60_000
  const intentId = randomUUID()
  return db
    .select({ id: botRuns.id })
    .from(botRuns)
    .where(eq(botRuns.tenantId, tenantId))
    .then(([run]) => {
      const wish: EntryWish = {
        tenantId,
        runId: run?.id ?? '',
        epoch: 1,
        configVersion: 1,
        config: saved,
        tradeId: randomUUID(),
        orderId: randomUUID(),
        intentId,
        clientOrderId: intentId,
        strategyId: one?.id ?? '',
        symbol: one?.symbols[0] ?? '',
        source: 'replay',
        account: 'paper',
        instrument: 'binary',
        direction: 'call',
        stake: '0.01',
        currency: 'USD',
        payout: '0.85',
        level: 0,
        reason: 'r',
        confidence: 0.5,
        indicators: {},
        durationMs: 60_000,
        signalTime: at,
        decidedAt: at + 60_000,
        days: { signal: day, entry: day },
      }
      const decision = {
        tenantId,
        epoch: 1,
        strategyId: wish.strategyId,
        symbol: wish.symbol,
        timeframe: 'M1',
        candleTime: at,
        configVersion: 1,
        outcome: 'traded',
        reason: 'r',
        tradeId: null,
        signal: null,
        state: '{}',
        prolongs: undefined,
      } as const
      return commitEntry(db, decision, wish)
    })
}
