import { type Broker, boundedBroker, createPaperBroker } from '@sath/brokers'
import type { Bus } from '@sath/bus'
import {
  type Database,
  lastMinutes,
  listen,
  sessionRuns,
  stakeLimits,
  unansweredOrders,
  unfinishedTrades,
  unsettledRuns,
  wantedSymbols,
} from '@sath/db'
import type { Feed, FeedStatus } from '@sath/feeds'
import type { MetricSink } from '@sath/telemetry'
import type { Logger } from 'pino'
import { createDecisionWriter } from './decisions/decision-writer.js'
import { takeDecision } from './decisions/take-decision.js'
import { sendManualOrders } from './execution/manual-orders.js'
import { brokerAccount, createOrderDesk } from './execution/order-desk.js'
import { createPaperBook } from './execution/paper-book.js'
import { placedFromRows } from './execution/placed-order.js'
import { createFanOut } from './fan-out.js'
import { createKeeper, type Keeper } from './keeper.js'
import { createFeedDriver } from './market/feed-driver.js'
import { warmHistory } from './market/history.js'
import { contendForLead } from './market/leader.js'
import { createLockStep } from './market/lock-step.js'
import { createMarket } from './market/market.js'
import { persist } from './persist.js'
import { dropOldDays } from './retention.js'
import { writeAccountMetrics } from './sessions/bot-metrics.js'
import { createHeartbeats } from './sessions/heartbeats.js'
import { type JoinResult, joinMarket, reconfigure } from './sessions/join.js'
import { createRunSlots, sweepDirectories } from './sessions/run-slots.js'
import { type Session, startDrain } from './sessions/session.js'
import { createSessionHost } from './sessions/session-host.js'
import { assertSocketRoot } from './sessions/socket-server.js'
import { settleRun } from './settlement/settle-run.js'
import { defaultTiming, type Timing } from './timing.js'
import { createTurns } from './turns.js'
import { createWake } from './wake.js'

export interface GatewayOptions {
  readonly database: Database
  readonly bus: Bus
  readonly metrics: MetricSink
  readonly feed: Feed
  readonly node: string
  readonly socketRoot: string
  readonly log: Logger
  /** Tries the keys that people asked to have tried. */
  readonly keyTests: () => Promise<void>
  /** Learns which metrics are kept how long. */
  readonly refreshBuckets?: () => Promise<void>
  readonly onFeedStatus?: (status: FeedStatus) => void
  /** Stands between us and the paper venue, for faults. */
  readonly wrapBroker?: (broker: Broker) => Broker
  readonly timing?: Partial<Timing>
}

export interface Gateway {
  close(): Promise<void>
}

/** Opens the gateway: resolves once its sockets listen and what was left by another process is being taken care of. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { database, bus, metrics, feed, node, socketRoot, log } = options
  const { db, sql } = database
  const timing: Timing = { ...defaultTiming, ...options.timing }
  assertSocketRoot(socketRoot)

  const stopping = new AbortController()
  const { signal } = stopping
  const insist = { signal, log }
  const wake = createWake()
  const inTurn = createTurns()
  const paper = createPaperBroker()
  const broker = boundedBroker(options.wrapBroker?.(paper) ?? paper, { timeoutMs: timing.brokerTimeoutMs })
  const book = createPaperBook()
  let begin = () => {}
  const wanted = new Promise<void>((resolve) => {
    begin = resolve
  })

  const liveSessions = (): Session[] =>
    [...slots.all.values()].flatMap(({ session }) => (session?.live ? [session] : []))
  const fanOut = createFanOut({
    bus,
    sessions: liveSessions,
    market: () => market,
    offBook: (tenantId, account, clientOrderId) => paper.settled(brokerAccount(tenantId, account), clientOrderId),
  })
  const market = createMarket({
    db,
    log,
    signal,
    source: feed.source,
    clock: feed.clock,
    book,
    listeners: fanOut.listeners,
    inTurn,
    wallNow: Date.now,
    staleAfterMs: timing.staleAfterMs,
  })
  const desk = createOrderDesk({
    db,
    log,
    signal,
    broker,
    brokerTimeoutMs: timing.brokerTimeoutMs,
    wake,
    isEntryOpen: market.isEntryOpen,
    adopt: market.adopt,
    onTrade: fanOut.tellTrade,
    onLatency: (tenantId, value) =>
      metrics.write([{ tenantId, name: 'order-latency', unit: 'ms', time: Date.now(), value }]),
  })
  const writer = createDecisionWriter(db, insist)
  const heartbeats = createHeartbeats({
    db,
    log,
    onRunning: (tenantIds) => {
      for (const tenantId of tenantIds) bus.publish(`bot:${tenantId}`, { changed: 'status' })
    },
  })
  const decisionDeps = {
    db,
    log,
    signal,
    market,
    writer,
    send: desk.send,
    publishSignal: (tenantId: string, data: Record<string, unknown>) => bus.publish(`signals:${tenantId}`, data),
  }
  const host = createSessionHost({
    db,
    log,
    signal,
    heartbeats,
    metrics,
    wake,
    returnWithinMs: timing.returnWithinMs,
    intentsPerMinute: timing.intentsPerMinute,
    join,
    decide: (session, awaited, decided) => takeDecision(session, awaited, decided, decisionDeps),
  })
  const slots = createRunSlots({
    root: socketRoot,
    log,
    expectFor: ({ wasRunning }) => (wasRunning ? timing.returnWithinMs : 0),
    onSocket: host.onSocket,
  })
  const lockStep = createLockStep({
    slots: () => slots.all.values(),
    placing: desk.placing,
    wake,
    signal,
    boundMs: timing.lockStepMs,
  })
  const driver = createFeedDriver({
    db,
    log,
    signal,
    bus,
    feed,
    market,
    acknowledged: lockStep.acknowledged,
    wanted,
    onStatus: options.onFeedStatus ?? (() => {}),
  })

  async function join(session: Session): Promise<JoinResult> {
    const { tenantId, runId } = session.run
    if (feed.clock === 'wall') {
      const until = (symbol: string) => market.lastOf(symbol)?.time ?? market.now ?? Date.now()
      const more = await warmHistory({ db, feed, log }, tenantId, until)
      await inTurn(async () => more.forEach(market.forget))
    }
    const joined = await inTurn(() => persist('a session', () => joinMarket(session, { db, market }), insist))
    const phase = slots.all.get(runId)?.run.phase
    if (phase === 'stopping' || phase === 'killing') startDrain(session)
    if (joined === 'joined') begin()
    followed.ring()
    return joined
  }

  const keepers: Keeper[] = []
  const keep = (name: string, work: () => Promise<void>, everyMs = timing.sweepMs): Keeper => {
    const keeper = createKeeper(name, work, { everyMs, signal, log })
    keepers.push(keeper)
    return keeper
  }

  const runs = keep('runs', async () => {
    const over = await slots.sync(await sessionRuns(db, node))
    for (const { run, session } of slots.all.values()) {
      if (!session?.live) continue
      if (run.phase === 'stopping' || run.phase === 'killing') startDrain(session)
      if (run.configVersion !== session.config?.version) await renew(session)
    }
    if (over.length > 0) settlement.ring()
  })
  const renew = (session: Session) =>
    inTurn(() => persist('a config', () => reconfigure(session, { db, market }), insist))

  /** Plans change without a bell. */
  const planLimits = keep('plans', async () => {
    const sessions = liveSessions()
    const limits = await stakeLimits(
      db,
      sessions.map(({ run }) => run.tenantId),
    )
    for (const session of sessions) {
      const most = limits.get(session.run.tenantId)
      if (most !== undefined && (most ?? undefined) !== session.maxStake) await renew(session)
    }
  })

  const settlement = keep('settlement', async () => {
    const found = await unsettledRuns(db, node)
    await Promise.all(
      found.map(async (run) => {
        try {
          await settleRun(run, { db, log, broker, desk, book, market, inTurn, patienceMs: timing.settlePatienceMs })
        } catch (error) {
          if (!signal.aborted)
            log.error({ tenantId: run.tenantId, runId: run.runId, err: error }, 'a run could not be settled')
        }
        bus.publish(`bot:${run.tenantId}`, { changed: 'status' })
      }),
    )
  })

  const orders = keep('orders', async () => {
    await sendManualOrders({ db, log, market, desk })
    const rows = await unansweredOrders(db, { node })
    // What has just been written is on its way already.
    desk.recover(rows.filter(({ overdueMs }) => overdueMs > -3_000))
    await watchOpenTrades()
  })

  /** Trades that are open in the rows and not watched here, whoever accepted them. */
  async function watchOpenTrades(): Promise<void> {
    const rows = await unfinishedTrades(db, feed.source)
    for (const row of rows) {
      const { trade } = row
      if (trade.status !== 'open' || trade.account !== 'paper' || book.has(trade.id)) continue
      const placed = placedFromRows(row)
      paper.restore(brokerAccount(trade.tenantId, trade.account), [placed.order])
      await market.adopt(placed, trade)
    }
  }

  let offered: ReadonlySet<string> | undefined
  const followed = keep('followed symbols', async () => {
    const wished = await wantedSymbols(db)
    const ours = wished.filter(({ source }) => source === null || source === feed.source).map(({ symbol }) => symbol)
    const has = offered ?? (await askOffered())
    const all = new Set([...timing.alwaysFollowed, ...ours, ...book.symbols])
    feed.follow([...all].filter((symbol) => has.has(symbol)).sort())
  })

  const keys = keep('key tests', options.keyTests)
  const askOffered = async () => {
    offered = new Set(await feed.symbols())
    return offered
  }
  keep('offered symbols', async () => void (await askOffered()), 3_600_000)
  keep('directories', () => sweepDirectories(db, socketRoot), 60_000).ring()
  keep('retention', () => dropOldDays(db, Date.now(), market.now), 3_600_000).ring()
  if (options.refreshBuckets) keep('buckets', options.refreshBuckets, 60_000).ring()
  keep('heartbeats', heartbeats.flush, timing.heartbeatsMs)
  keep('account metrics', async () => {
    const tenants = liveSessions().map(({ run }) => run.tenantId)
    await writeAccountMetrics(db, metrics, tenants, (tenantId) => book.ofTenant(tenantId).length, Date.now())
  })

  const last = await lastMinutes(db, feed.source)
  const open = await unfinishedTrades(db, feed.source)
  const newest = last.size > 0 ? Math.max(...last.values()) + 60_000 : undefined
  await market.resume(newest, new Set(open.map(({ trade }) => trade.symbol)))
  await watchOpenTrades()
  await runs.now()
  desk.recover(await unansweredOrders(db, { node }))
  await orders.now()
  await followed.now()
  const unlisten = await Promise.all([
    listen(sql, 'sath_runs', ringRuns, ringRuns),
    listen(sql, 'sath_bots', runs.ring, runs.ring),
    listen(sql, 'sath_orders', orders.ring, orders.ring),
    listen(sql, 'sath_jobs', keys.ring, keys.ring),
  ])
  function ringRuns(): void {
    runs.ring()
    settlement.ring()
  }
  planLimits.ring()
  const contending = contendForLead({ sql, source: feed.source, signal, log, lead: driver.lead, follow: driver.follow })

  return {
    async close() {
      stopping.abort(new Error('the gateway stops'))
      wake.ring()
      await slots.close()
      await driver.stop()
      await Promise.all(keepers.map((keeper) => keeper.stop()))
      await contending
      await Promise.all(unlisten.map((end) => end().catch(() => {})))
      await heartbeats.flush()
    },
  }
}
