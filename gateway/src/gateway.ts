import { setMaxListeners } from 'node:events'
import { type Broker, boundedBroker, createPaperBroker } from '@sath/brokers'
import type { Bus } from '@sath/bus'
import { type Database, lastMinutes, unansweredOrders, unfinishedTrades } from '@sath/db'
import type { Feed, FeedStatus } from '@sath/feeds'
import type { MetricSink } from '@sath/telemetry'
import type { Logger } from 'pino'
import { createChores } from './chores.js'
import { createDecisionWriter } from './decisions/decision-writer.js'
import { createEntryWriter } from './decisions/entry-writer.js'
import { takeDecision } from './decisions/take-decision.js'
import { createAnswerWriter } from './execution/answer-writer.js'
import { brokerAccount, createOrderDesk } from './execution/order-desk.js'
import { createPaperBook } from './execution/paper-book.js'
import { createFanOut } from './fan-out.js'
import { createDemand } from './market/demand.js'
import { createFeedDriver } from './market/feed-driver.js'
import { warmHistory } from './market/history.js'
import { contendForLead } from './market/leader.js'
import { createLockStep } from './market/lock-step.js'
import { createMarket } from './market/market.js'
import { createSourceClock } from './market/source-clock.js'
import { persist } from './persist.js'
import { createHeartbeats } from './sessions/heartbeats.js'
import { type JoinResult, joinMarket } from './sessions/join.js'
import { createRunSlots } from './sessions/run-slots.js'
import { type Session, startDrain } from './sessions/session.js'
import { createSessionHost } from './sessions/session-host.js'
import { assertSocketRoot } from './sessions/socket-server.js'
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
  /** Seals what is stored for the current key. */
  readonly reseal?: (signal: AbortSignal) => Promise<void>
  readonly onFeedStatus?: (status: FeedStatus) => void
  /** The market cannot go on in this process; a new one may do better. */
  readonly onBroken?: () => void
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
  // Everything that waits in here waits for the end, too.
  setMaxListeners(0, signal)
  const insist = { signal, log }
  const wake = createWake()
  const inTurn = createTurns()
  const paper = createPaperBroker()
  const broker = boundedBroker(options.wrapBroker?.(paper) ?? paper, { timeoutMs: timing.brokerTimeoutMs })
  const book = createPaperBook()

  const liveSessions = (): Session[] =>
    [...slots.all.values()].flatMap(({ session }) => (session?.live ? [session] : []))
  const fanOut = createFanOut({
    bus,
    sessions: liveSessions,
    market: () => market,
    offBook: (tenantId, account, clientOrderId) => paper.settled(brokerAccount(tenantId, account), clientOrderId),
  })
  const sourceClock = createSourceClock(() => performance.now())
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
    sourceClock,
    staleAfterMs: timing.staleAfterMs,
  })
  const desk = createOrderDesk({
    log,
    signal,
    source: feed.source,
    broker,
    brokerTimeoutMs: timing.brokerTimeoutMs,
    recordAnswer: createAnswerWriter(db, insist),
    wake,
    isEntryOpen: market.isEntryOpen,
    adopt: market.adopt,
    onTrade: fanOut.tellTrade,
    onLatency: (tenantId, value) =>
      metrics.write([{ tenantId, name: 'order-latency', unit: 'ms', time: Date.now(), value }]),
  })
  const demand = createDemand({
    db,
    wake,
    isUsed: () => liveSessions().length > 0 || book.symbols.size > 0 || desk.placing.size > 0,
  })
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
    writer: createDecisionWriter(db, insist),
    entries: createEntryWriter(db, insist),
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
    sourceClock,
    acknowledged: lockStep.acknowledged,
    wanted: demand.wanted,
    onStatus: options.onFeedStatus ?? (() => {}),
    onBroken(error) {
      log.fatal({ source: feed.source, err: error }, 'a minute could not be taken in')
      options.onBroken?.()
    },
  })

  async function join(session: Session): Promise<JoinResult> {
    const { tenantId, runId } = session.run
    if (feed.clock === 'wall') {
      const until = (symbol: string) => market.lastOf(symbol)?.time ?? market.now ?? sourceClock.now() ?? Date.now()
      const more = await warmHistory({ db, feed, log }, tenantId, until)
      await inTurn(async () => more.forEach(market.forget))
    }
    const joined = await inTurn(() => persist('a session', () => joinMarket(session, { db, market }), insist))
    const phase = slots.all.get(runId)?.run.phase
    if (phase === 'stopping' || phase === 'killing') startDrain(session)
    if (joined === 'joined') demand.begin()
    chores.followed.ring()
    return joined
  }

  const chores = createChores({
    db,
    log,
    signal,
    bus,
    metrics,
    feed,
    node,
    socketRoot,
    timing,
    market,
    sourceClock,
    book,
    paper,
    broker,
    desk,
    slots,
    demand,
    heartbeats,
    inTurn,
    liveSessions,
    keyTests: options.keyTests,
    refreshBuckets: options.refreshBuckets ?? (async () => {}),
    reseal: options.reseal ?? (async () => {}),
  })

  const last = await lastMinutes(db, feed.source)
  const open = await unfinishedTrades(db, feed.source)
  const newest = last.size > 0 ? Math.max(...last.values()) + 60_000 : undefined
  await market.resume(newest, new Set(open.map(({ trade }) => trade.symbol)))
  await chores.sourceTime.now()
  await chores.watchOpenTrades()
  await chores.runs.now()
  // Before the market moves: what an ended process of ours was about to send is still at its moment.
  desk.recover(await unansweredOrders(db, { node }))
  const until = performance.now() + timing.lockStepMs
  while (desk.placing.size > 0 && performance.now() < until) await wake.next(until - performance.now())
  await chores.orders.now()
  await chores.followed.now()
  const unlisten = await chores.listen(sql)
  const contending = contendForLead({ sql, source: feed.source, signal, log, lead: driver.lead, follow: driver.follow })

  return {
    async close() {
      stopping.abort(new Error('the gateway stops'))
      wake.ring()
      await slots.close()
      await driver.stop()
      await chores.stop()
      await contending
      await Promise.all(unlisten.map((end) => end().catch(() => {})))
      await heartbeats.flush()
    },
  }
}
