import type { Broker, PaperBroker } from '@sath/brokers'
import type { Bus } from '@sath/bus'
import {
  type Database,
  type Db,
  listen,
  sessionRuns,
  stakeLimits,
  type UnsettledRun,
  unansweredOrders,
  unfinishedTrades,
  unsettledRuns,
  wantedSymbols,
} from '@sath/db'
import type { Feed } from '@sath/feeds'
import type { MetricSink } from '@sath/telemetry'
import type { Logger } from 'pino'
import { sendManualOrders } from './execution/manual-orders.js'
import { brokerAccount, type OrderDesk } from './execution/order-desk.js'
import type { PaperBook } from './execution/paper-book.js'
import { placedFromRows } from './execution/placed-order.js'
import { createKeeper, type Keeper } from './keeper.js'
import type { Demand } from './market/demand.js'
import type { Market } from './market/market.js'
import type { SourceClock } from './market/source-clock.js'
import { persist } from './persist.js'
import { dropOldDays } from './retention.js'
import { writeAccountMetrics } from './sessions/bot-metrics.js'
import type { Heartbeats } from './sessions/heartbeats.js'
import { reconfigure } from './sessions/join.js'
import { type RunSlots, sweepDirectories } from './sessions/run-slots.js'
import { type Session, startDrain } from './sessions/session.js'
import { closeAsked } from './settlement/asked-closes.js'
import { closeLeftovers } from './settlement/leftovers.js'
import { settleRun } from './settlement/settle-run.js'
import type { Timing } from './timing.js'
import type { InTurn } from './turns.js'

export interface ChoreParts {
  readonly db: Db
  readonly log: Logger
  readonly signal: AbortSignal
  readonly bus: Bus
  readonly metrics: MetricSink
  readonly feed: Feed
  readonly node: string
  readonly socketRoot: string
  readonly timing: Timing
  readonly market: Market
  readonly sourceClock: SourceClock
  readonly book: PaperBook
  readonly paper: PaperBroker
  readonly broker: Broker
  readonly desk: OrderDesk
  readonly slots: RunSlots
  readonly demand: Demand
  readonly heartbeats: Heartbeats
  readonly inTurn: InTurn
  readonly liveSessions: () => Session[]
  readonly keyTests: () => Promise<void>
  readonly refreshBuckets: () => Promise<void>
  readonly reseal: (signal: AbortSignal) => Promise<void>
}

/** A new run's bot takes longer than that to come to its socket. */
const restMs = 50

/** What is done when a bell rings and every so often in case none was heard. */
export function createChores(parts: ChoreParts) {
  const {
    db,
    log,
    signal,
    bus,
    metrics,
    feed,
    node,
    timing,
    market,
    book,
    paper,
    broker,
    desk,
    slots,
    demand,
    inTurn,
  } = parts
  const { liveSessions } = parts
  const insist = { signal, log }
  const keepers: Keeper[] = []
  const keep = (name: string, work: () => Promise<void>, everyMs = timing.sweepMs): Keeper => {
    const keeper = createKeeper(name, work, { everyMs, restMs, signal, log })
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
    await demand.look()
  })
  const renew = (session: Session) =>
    inTurn(() => persist('a config', () => reconfigure(session, { db, market }), insist))

  /** A grant that runs out rings for nobody. */
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

  /** Runs whose broker is being asked: one that does not answer keeps nobody else's receipt waiting. */
  const settling = new Map<string, Promise<void>>()
  const settlement = keep('settlement', async () => {
    for (const run of await unsettledRuns(db, node)) {
      if (!settling.has(run.runId)) settling.set(run.runId, settle(run))
    }
  })

  async function settle(run: UnsettledRun): Promise<void> {
    const { tenantId, runId } = run
    try {
      await settleRun(run, { db, log, broker, desk, book, market, inTurn, patienceMs: timing.settlePatienceMs })
      bus.publish(`bot:${tenantId}`, { changed: 'status' })
    } catch (error) {
      if (!signal.aborted) log.error({ tenantId, runId, err: error }, 'a run could not be settled')
    } finally {
      settling.delete(runId)
    }
  }

  const leftovers = keep('leftovers', async () => {
    await closeLeftovers({ db, log, book, market, inTurn })
    await closeAsked({ db, log, book, market, inTurn })
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

  /** Also where another gateway leads, and when the source has been silent. A recording has no clock but its candles. */
  const sourceTime = keep(
    'source clock',
    async () => {
      if (feed.clock === 'market') return
      const asked = performance.now()
      parts.sourceClock.answered(await feed.time(), performance.now() - asked)
    },
    60_000,
  )

  const keys = keep('key tests', parts.keyTests)
  const askOffered = async () => {
    offered = new Set(await feed.symbols())
    return offered
  }
  keep('offered symbols', async () => void (await askOffered()), 3_600_000)
  keep('directories', () => sweepDirectories(db, parts.socketRoot), 60_000).ring()
  keep('retention', () => dropOldDays(db, Date.now(), market.now), 3_600_000).ring()
  keep('buckets', parts.refreshBuckets, 60_000).ring()
  keep('re-sealing', () => parts.reseal(signal), 60_000).ring()
  keep('heartbeats', parts.heartbeats.flush, timing.heartbeatsMs)
  keep('account metrics', async () => {
    const tenants = liveSessions().map(({ run }) => run.tenantId)
    await writeAccountMetrics(db, metrics, tenants, (tenantId) => book.ofTenant(tenantId).length, Date.now())
  })

  return {
    runs,
    orders,
    followed,
    sourceTime,
    watchOpenTrades,
    /** A listener that had to connect again has missed what rang meanwhile. */
    async listen(sql: Database['sql']) {
      const ringRuns = () => {
        runs.ring()
        settlement.ring()
        leftovers.ring()
      }
      const ringBots = () => {
        runs.ring()
        leftovers.ring()
      }
      planLimits.ring()
      const ringPlans = () => {
        planLimits.ring()
        leftovers.ring()
      }
      return await Promise.all([
        listen(sql, 'sath_runs', ringRuns, ringRuns),
        listen(sql, 'sath_bots', ringBots, ringBots),
        listen(sql, 'sath_orders', orders.ring, orders.ring),
        listen(sql, 'sath_plans', ringPlans, ringPlans),
        listen(sql, 'sath_jobs', keys.ring, keys.ring),
      ])
    },
    stop: () => Promise.all([...keepers.map((keeper) => keeper.stop()), ...settling.values()]),
  }
}
