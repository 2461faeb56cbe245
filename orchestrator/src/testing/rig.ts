import { randomUUID } from 'node:crypto'
import { type Bus, memoryBus } from '@sath/bus'
import {
  type Actor,
  type BotRun,
  botConfigs,
  botRuns,
  bots,
  type Condition,
  type Db,
  installationId,
  openDatabase,
  type Presence,
  restartBot,
  runEvents,
  startBot,
  startPresence,
  stopBot,
  stopBotAsAdmin,
  users,
  type WishedBot,
} from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import type { Teardown } from '@sath/testkit'
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { type MemoryBots, type MemoryEngine, memoryEngine, type Verb } from '../engines/memory-engine.js'
import { type Orchestrator, type OrchestratorOptions, openOrchestrator } from '../orchestrator.js'
import { type Limits, limits } from '../plan/situation.js'
import { interposed } from './interposed.js'
import { soon } from './soon.js'
import { scratchDir } from './test-bot.js'

export interface OpenedOrchestrator extends Orchestrator {
  /** As SIGKILL would, when it comes to this call: nothing of it acts or writes after that. */
  dieAt(verb: Verb, moment: 'before' | 'after'): void
  readonly dead: Promise<void>
  /** Stops it at this call until released. */
  freezeAt(verb: Verb, moment: 'before' | 'after'): { readonly frozen: Promise<void>; release(): void }
}

const actor: Actor = { id: null, address: null, agent: null }
const config = { mode: 'paper' as const, onStop: 'close' as const, capital: '100', risk: {}, strategies: [] }

/**
 * Short, so that what takes minutes takes moments. Silence is left long: nobody beats unless the test does. So is the grace
 * of a stop: a slow machine must not make a kill of it.
 */
export const quick: Limits = { ...limits, killAgain: 100, backOffFirst: 50 }
/** For bots that are to be killed at their deadline. */
export const impatient: Limits = { ...quick, stopGrace: 400 }

/**
 * A real database, a memory engine, a stand-in for the gateway that answers at once, and orchestrators that can be killed.
 * Everything is closed with the test.
 */
export async function rig(t: Teardown, bots_: MemoryBots = {}) {
  const database = await openTestDatabase(t)
  const { db } = database
  const installation = await installationId(db)
  const gateway = { answers: true }
  const engine: MemoryEngine = memoryEngine(installation, {
    ...bots_,
    onStart(container) {
      bots_.onStart?.(container)
      if (gateway.answers) firstHeartbeat(container.runId)
    },
  })
  const socketRoot = scratchDir(t, 'sockets')
  const tenantsDir = scratchDir(t, 'tenants')
  const bus: Bus = memoryBus()

  /** As the gateway does on a bot's first word. */
  async function firstHeartbeat(runId: string): Promise<void> {
    await db
      .update(botRuns)
      .set({ phase: 'running', runningAt: sql`now()`, lastHeartbeatAt: sql`now()` })
      .where(and(eq(botRuns.id, runId), sql`${botRuns.phase} in ('created', 'starting')`))
      .catch(() => {})
    await db
      .update(bots)
      .set({ lookAt: sql`date_trunc('milliseconds', now())` })
      .where(sql`${bots.tenantId} = (select tenant_id from bot_runs where id = ${runId})`)
      .catch(() => {})
  }

  async function open(over: Partial<OrchestratorOptions> = {}): Promise<OpenedOrchestrator> {
    const own = openDatabase(database.url)
    const stops = new Map<string, () => Promise<void> | void>()
    const dying: { done(): void } = { done: () => {} }
    const dead = new Promise<void>((resolve) => {
      dying.done = resolve
    })
    let killed = false
    const seen = interposed(over.engine ?? engine, async (verb, moment) => {
      if (killed) throw new Error('this orchestrator is dead')
      await stops.get(`${moment} ${verb}`)?.()
    })
    const orchestrator = await openOrchestrator({
      database: own,
      bus,
      log: pino({ level: 'silent' }),
      node: 'node-1',
      socketRoot,
      tenantsDir,
      onNotice: () => {},
      limits: quick,
      sweepMs: 50,
      ...over,
      engine: seen,
    })
    let closing: Promise<void> | undefined
    const close = () => {
      closing ??= orchestrator.close().then(own.close)
      return closing
    }
    t.teardown(close)
    return {
      ...orchestrator,
      close,
      dead,
      dieAt(verb, moment) {
        stops.set(`${moment} ${verb}`, async () => {
          killed = true
          await own.sql.end({ timeout: 0 })
          dying.done()
          throw new Error('killed')
        })
      },
      freezeAt(verb, moment) {
        let release = () => {}
        const released = new Promise<void>((resolve) => {
          release = resolve
        })
        let freeze = () => {}
        const frozen = new Promise<void>((resolve) => {
          freeze = resolve
        })
        stops.set(`${moment} ${verb}`, async () => {
          stops.delete(`${moment} ${verb}`)
          freeze()
          await released
        })
        return { frozen, release }
      },
    }
  }

  async function tenant(): Promise<string> {
    const id = randomUUID()
    await db.insert(users).values({ id, email: `${id}@example.com`, passwordHash: 'x' })
    await db.insert(bots).values({ tenantId: id, configVersion: 1 })
    await db.insert(botConfigs).values({ tenantId: id, version: 1, config })
    return id
  }

  const bot = async (id: string): Promise<WishedBot> => {
    const [row] = await db.select().from(bots).where(eq(bots.tenantId, id))
    if (!row) throw new Error('no bot')
    return row
  }
  const runs = async (id: string): Promise<BotRun[]> =>
    db.select().from(botRuns).where(eq(botRuns.tenantId, id)).orderBy(desc(botRuns.epoch))
  const lastRun = async (id: string): Promise<BotRun | undefined> => (await runs(id))[0]

  return {
    db: db as Db,
    sql: database.sql,
    url: database.url,
    engine,
    gateway,
    installation,
    socketRoot,
    tenantsDir,
    open,
    tenant,
    bot,
    runs,
    lastRun,
    firstHeartbeat,
    containers: (id: string) => engine.all.filter((one) => one.tenantId === id),
    start: (id: string) => startBot(db, id, actor, () => []),
    stop: (id: string) => stopBot(db, id, actor),
    restart: (id: string) => restartBot(db, id, actor, () => []),
    force: (id: string, hold = false) => stopBotAsAdmin(db, id, actor, { mode: 'force', reason: 'abuse', hold }),
    /** Waits until what is wanted has been carried out. */
    rest: (id: string): Promise<WishedBot> =>
      soon('the bot to be at rest', async () => {
        const row = await bot(id)
        return row.observedGeneration === row.generation && row.lookAt === null && row.claimToken === null && row
      }),
    running: (id: string): Promise<BotRun> =>
      soon('a running bot', async () => {
        const run = await lastRun(id)
        return (
          run?.phase === 'running' && engine.all.some((one) => one.runId === run.id && one.state === 'running') && run
        )
      }),
    ended: (id: string, epoch?: number): Promise<BotRun> =>
      soon('the end of the run', async () => {
        const run = (await runs(id)).find((one) => epoch === undefined || one.epoch === epoch)
        return run && ['exited', 'aborted'].includes(run.phase) && run
      }),
    events: async (id: string) =>
      (await db.select().from(runEvents).where(eq(runEvents.tenantId, id)).orderBy(asc(runEvents.id))).map(
        (e) => e.type,
      ),
    condition: (id: string, type: string): Promise<Condition> =>
      soon(`the condition ${type}`, async () => (await bot(id)).conditions.find((one) => one.type === type)),
    /** As time would, after 15 s. */
    expireClaims: async (): Promise<void> => {
      await db.update(bots).set({ claimUntil: sql`now() - interval '1 second'` }).where(sql`claim_token is not null`)
    },
    /** As the gateway, once it has seen to the orders. */
    settle: async (id: string): Promise<void> => {
      await db
        .update(botRuns)
        .set({ settledAt: sql`now()`, receipt: { openOrders: 0, positionsClosed: 0, positionsKept: [], problems: [] } })
        .where(and(eq(botRuns.tenantId, id), eq(botRuns.phase, 'exited'), isNull(botRuns.settledAt)))
    },
    presentGateway: (): Promise<Presence> => startPresence(db, { name: 'gateway', node: 'node-1' }),
  }
}

export type Rig = Awaited<ReturnType<typeof rig>>
