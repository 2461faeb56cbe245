import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bus, memoryBus } from '@sath/bus'
import type { BotConfig, Candle, StrategyConfig } from '@sath/core'
import {
  type BotRunRow,
  botConfigs,
  botRuns,
  bots,
  type Database,
  decisions,
  type OrderRow,
  orders,
  type TradeRow,
  trades,
  users,
} from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { type Feed, openFeed } from '@sath/feeds'
import type { MetricPoint } from '@sath/telemetry'
import { and, asc, eq, notInArray, sql } from 'drizzle-orm'
import pino from 'pino'
import { type Gateway, type GatewayOptions, openGateway } from '../gateway.js'

export interface Test {
  teardown(run: () => unknown): void
}

export const node = 'test-node'
export const start = Date.UTC(2024, 11, 2)

export function strategy(changes: Partial<StrategyConfig> = {}): StrategyConfig {
  return {
    id: randomUUID(),
    name: 'A',
    enabled: true,
    strategy: 'ema-cross',
    params: {},
    symbols: ['BTCUSDT'],
    timeframe: 'M1',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '1.00',
    martingale: { plan: 'classic', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
    risk: {},
    ...changes,
  }
}

export function config(changes: Partial<BotConfig> = {}): BotConfig {
  return { mode: 'paper', onStop: 'close', capital: '100.00', risk: {}, strategies: [strategy()], ...changes }
}

/** A recording in a file of its own; each symbol's candles by name. */
export function recording(t: Test, series: Readonly<Record<string, readonly Candle[]>>, speed = 10_000): string {
  const folder = mkdtempSync(join(tmpdir(), 'sath-feed-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const files = Object.entries(series).map(([symbol, candles]) => {
    const path = join(folder, `${symbol}_M1.csv`)
    const rows = candles.map((c) => [c.time, c.open, c.high, c.low, c.close, c.volume].join(','))
    writeFileSync(path, `time,open,high,low,close,volume\n${rows.join('\n')}\n`)
    return path
  })
  return `replay:${files.join(',')}?speed=${speed}`
}

export interface OpenOptions
  extends Partial<Pick<GatewayOptions, 'wrapBroker' | 'timing' | 'log' | 'keyTests' | 'onFeedStatus'>> {
  readonly database?: Database
  readonly node?: string
  readonly socketRoot?: string
}

export interface Setup {
  readonly db: Database['db']
  readonly url: string
  readonly database: Database
  readonly socketRoot: string
  readonly bus: Bus
  readonly points: MetricPoint[]
  /** `feed`: as SATH_FEED names it, or one that is open. */
  gateway(feed: string | Feed, options?: OpenOptions): Promise<Gateway>
  /** A tenant whose bot is wanted and whose run has just been created. */
  tenant(saved?: BotConfig, plan?: string): Promise<{ tenantId: string; runId: string; strategyId: string }>
  /** A new run of a tenant, under a new epoch. */
  run(tenantId: string, epoch: number): Promise<string>
  phase(runId: string, to: 'stopping' | 'killing' | 'exited'): Promise<void>
  /** In order of their signals. */
  tradesOf(tenantId: string): Promise<TradeRow[]>
  ordersOf(tenantId: string): Promise<OrderRow[]>
  runOf(runId: string): Promise<BotRunRow>
  /** Every stored decision range as one line. */
  decisionsOf(tenantId: string): Promise<string[]>
}

/** A database, a socket root, and gateways on them. */
export async function setup(t: Test): Promise<Setup> {
  const database = await openTestDatabase(t)
  const db: Database['db'] = database.db
  const socketRoot = mkdtempSync('/tmp/sath-gw-')
  t.teardown(() => rmSync(socketRoot, { recursive: true, force: true }))
  const bus = memoryBus()
  const points: MetricPoint[] = []
  const metrics = {
    write: (more: readonly MetricPoint[]) => points.push(...more),
    flush: async () => {},
    close: async () => {},
    dropped: 0,
  }
  const open: Gateway[] = []

  async function gateway(from: string | Feed, options: OpenOptions = {}): Promise<Gateway> {
    const feed = typeof from === 'string' ? (await openFeed(from)).feed : from
    const { timing, database: other, ...rest } = options
    const opened = await openGateway({
      database: other ?? database,
      bus,
      metrics,
      feed,
      node,
      socketRoot,
      log: pino({ level: 'silent' }),
      keyTests: async () => {},
      ...rest,
      timing: { lockStepMs: 30_000, returnWithinMs: 200, brokerTimeoutMs: 300, heartbeatsMs: 50, ...timing },
    })
    open.push(opened)
    t.teardown(() => opened.close())
    return opened
  }

  async function tenant(saved: BotConfig = config(), plan = 'enterprise') {
    const tenantId = randomUUID()
    await db.insert(users).values({ id: tenantId, email: `${tenantId}@example.com`, passwordHash: 'x' })
    await db.insert(bots).values({ tenantId, desiredState: 'running', epoch: 1, configVersion: 1, generation: 1 })
    await db.insert(botConfigs).values({ tenantId, version: 1, config: saved })
    await db.execute(sql`insert into plan_grants (tenant_id, plan_id, source) values (${tenantId}, ${plan}, 'admin')`)
    return { tenantId, runId: await run(tenantId, 1), strategyId: saved.strategies[0]?.id ?? '' }
  }

  async function run(tenantId: string, epoch: number): Promise<string> {
    const runId = randomUUID()
    await db.update(bots).set({ epoch }).where(eq(bots.tenantId, tenantId))
    await db.insert(botRuns).values({
      id: runId,
      tenantId,
      epoch,
      generation: 1,
      phase: 'starting',
      node,
      engine: 'memory',
      memoryMiB: 128,
      cpu: 0.25,
    })
    return runId
  }

  const phase = async (runId: string, to: 'stopping' | 'killing' | 'exited'): Promise<void> => {
    await db
      .update(botRuns)
      .set({
        phase: to,
        ...(to === 'exited' ? { exitedAt: new Date(), exitCode: 0, exitCause: 'clean' as const } : {}),
      })
      .where(and(eq(botRuns.id, runId), notInArray(botRuns.phase, ['exited', 'aborted'])))
  }

  return {
    db,
    url: database.url,
    database: database as Database,
    socketRoot,
    bus,
    points,
    gateway,
    tenant,
    run,
    phase,
    tradesOf: (tenantId: string): Promise<TradeRow[]> =>
      db.select().from(trades).where(eq(trades.tenantId, tenantId)).orderBy(asc(trades.signalTime), asc(trades.symbol)),
    ordersOf: (tenantId: string): Promise<OrderRow[]> => db.select().from(orders).where(eq(orders.tenantId, tenantId)),
    async runOf(runId: string): Promise<BotRunRow> {
      const [row] = await db.select().from(botRuns).where(eq(botRuns.id, runId))
      if (!row) throw new Error(`no run ${runId}`)
      return row
    },
    decisionsOf: async (tenantId: string): Promise<string[]> =>
      (
        await db
          .select()
          .from(decisions)
          .where(eq(decisions.tenantId, tenantId))
          .orderBy(asc(decisions.strategyId), asc(decisions.symbol), asc(decisions.fromTime))
      ).map(
        (row) =>
          `${row.symbol} ${row.fromTime.getTime()} ${row.toTime.getTime()} ${row.candles} ${row.outcome} ${row.reason}`,
      ),
  }
}
