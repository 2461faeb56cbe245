import type { BotConfig, Decimal, Direction, Instrument, Outcome } from '@sath/core'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { commitDecisions, type DecisionWrite } from './decision-repository.js'
import { type EntryFacts, entryRefusal } from './entry-limits.js'
import { bots, type OrderPurpose, orders, trades } from './schema/index.js'
import { sqlState } from './sql-state.js'

/** How long after its row an order may still be sent, seconds of database time. */
export const sendWithinSeconds = 5

export interface EntryWish {
  readonly tenantId: string
  readonly runId: string
  readonly epoch: number
  readonly configVersion: number
  readonly config: BotConfig
  readonly tradeId: string
  readonly orderId: string
  readonly intentId: string
  readonly clientOrderId: string
  readonly strategyId: string
  readonly symbol: string
  readonly source: string
  readonly account: string
  readonly instrument: Instrument
  readonly direction: Direction
  readonly stake: Decimal
  readonly currency: string
  readonly payout: Decimal
  readonly level: number
  readonly reason: string
  readonly confidence: number
  readonly indicators: Readonly<Record<string, number>>
  readonly durationMs: number
  readonly stopLossPct?: number | undefined
  readonly takeProfitPct?: number | undefined
  /** Open time of the signal bar, epoch ms. */
  readonly signalTime: number
  /** Close of the signal bar: the earliest entry, epoch ms. */
  readonly decidedAt: number
}

export type EntryResult =
  | { readonly kind: 'entered' }
  /** The decision was stored with this outcome instead. `fence`: its SQLSTATE, when the fence said no. */
  | { readonly kind: 'refused'; readonly outcome: Outcome; readonly reason: string; readonly fence?: string }
  /** Nothing was written: the intent was traded by somebody else, or the epoch is over. */
  | { readonly kind: 'ignored' }

/** What the fence says (see the migration) as the outcome of a decision. */
const fenceWords: Readonly<Record<string, { outcome: Outcome; reason: string }>> = {
  SF001: { outcome: 'held', reason: 'there is no bot' },
  SF002: { outcome: 'held', reason: 'the bot is held' },
  SF003: { outcome: 'held', reason: 'another run has taken over' },
  SF004: { outcome: 'draining', reason: 'the bot is stopped' },
  SF005: { outcome: 'draining', reason: 'the run is ending' },
  SF006: { outcome: 'held', reason: 'orders of an earlier run are not answered yet' },
}

class Ignored extends Error {}

/**
 * Writes a decision that wants to enter, in one transaction under the bot's row lock: limits, fence, trade and order, and the
 * decision with its checkpoint, whose outcome says what came of it. Once it returns `entered` the order must be sent.
 */
export async function commitEntry(db: Db, decision: DecisionWrite, wish: EntryWish): Promise<EntryResult> {
  try {
    return await db.transaction(async (tx) => {
      await tx.select({ one: sql`1` }).from(bots).where(eq(bots.tenantId, wish.tenantId)).for('update')
      // A statement of its own: only what is read after the lock is sure to see what others wrote under it.
      const facts = await entryFacts(tx, wish.tenantId, wish.signalTime, wish.decidedAt)
      const refusal = entryRefusal(wish, facts)
      const result: EntryResult = refusal ? { kind: 'refused', ...refusal } : await enter(tx, wish)
      const written =
        result.kind === 'refused' ? { ...decision, outcome: result.outcome, reason: result.reason } : decision
      const saved = await commitDecisions(tx, [
        { ...written, tradeId: result.kind === 'entered' ? wish.tradeId : null },
      ])
      if (saved.size === 0) throw new Ignored()
      return result
    })
  } catch (error) {
    if (error instanceof Ignored) return { kind: 'ignored' }
    if (sqlState(error) !== '23505') throw error
    // The same intent again: ours, when an answer of the database was lost on the way, or somebody else's.
    const [mine] = await db.select({ id: orders.id }).from(orders).where(eq(orders.id, wish.orderId))
    return { kind: mine ? 'entered' : 'ignored' }
  }
}

/**
 * What counts against an entry of this tenant. Read it after `select … from bots … for update`, in the same transaction.
 * Times are epoch ms of the market: the signal bar's open and the moment of entry.
 */
export async function entryFacts(tx: Db, tenantId: string, signalTime: number, entryTime: number): Promise<EntryFacts> {
  const signalDay = day(signalTime)
  const entryDay = day(entryTime)
  const [row] = await tx.execute<{
    modes: ('paper' | 'live')[]
    maxStrategies: number | null
    maxSymbols: number | null
    maxTradesPerDay: number | null
    maxCapitalPerTrade: string | null
    maxCapital: string | null
    tradesOfDay: number
    atStake: string
    profitOfDay: string
  }>(sql`
    select p.modes, p.max_strategies as "maxStrategies", p.max_symbols as "maxSymbols",
      p.max_trades_per_day as "maxTradesPerDay", p.max_capital_per_trade::text as "maxCapitalPerTrade",
      p.max_capital::text as "maxCapital",
      (select count(*)::int from trades t where t.tenant_id = p.tenant_id and t.market_day = ${signalDay} and t.status <> 'refused')
        as "tradesOfDay",
      (select coalesce(sum(t.stake), 0)::text from trades t
        where t.tenant_id = p.tenant_id and t.status in ('pending', 'open', 'unknown')) as "atStake",
      (select coalesce(sum(t.profit), 0)::text from trades t
        where t.tenant_id = p.tenant_id and t.market_day >= ${entryDay}::date - 60 and t.status in ('win', 'loss', 'tie')
          and t.closed_at >= ${`${entryDay}T00:00:00Z`} and t.closed_at < ${`${entryDay}T00:00:00Z`}::timestamptz + interval '1 day')
        as "profitOfDay"
    from effective_plans p where p.tenant_id = ${tenantId}`)
  if (!row) throw new Error(`tenant ${tenantId} has no plan`)
  const { tradesOfDay, atStake, profitOfDay, ...plan } = row
  return {
    plan: { ...plan, maxCapitalPerTrade: plain(plan.maxCapitalPerTrade), maxCapital: plain(plan.maxCapital) },
    tradesOfDay,
    atStake,
    profitOfDay,
  }
}

function tradeOf(wish: EntryWish): typeof trades.$inferInsert {
  return {
    id: wish.tradeId,
    tenantId: wish.tenantId,
    strategyId: wish.strategyId,
    runId: wish.runId,
    epoch: wish.epoch,
    configVersion: wish.configVersion,
    symbol: wish.symbol,
    source: wish.source,
    account: wish.account,
    instrument: wish.instrument,
    direction: wish.direction,
    stake: wish.stake,
    currency: wish.currency,
    payout: wish.payout,
    level: wish.level,
    reason: wish.reason,
    confidence: wish.confidence,
    indicators: { ...wish.indicators },
    durationMs: wish.durationMs,
    stopLossPct: wish.stopLossPct,
    takeProfitPct: wish.takeProfitPct,
    signalTime: new Date(wish.signalTime),
    marketDay: day(wish.signalTime),
  }
}

/** Trade and order, or the fence's reason; what it refuses leaves nothing behind. */
async function enter(tx: Db, wish: EntryWish): Promise<EntryResult> {
  const { tenantId, runId, epoch, symbol, direction, account, currency } = wish
  try {
    await tx.transaction(async (inner) => {
      await inner.insert(trades).values(tradeOf(wish))
      await inner.insert(orders).values({
        id: wish.orderId,
        tenantId,
        tradeId: wish.tradeId,
        runId,
        epoch,
        purpose: 'entry',
        intentId: wish.intentId,
        clientOrderId: wish.clientOrderId,
        account,
        symbol,
        direction,
        amount: wish.stake,
        currency,
        sendBefore: sql`now() + make_interval(secs => ${sendWithinSeconds})`,
        // Sending begins with the commit. An order without it was surely never sent.
        sentAt: sql`now()`,
      })
    })
    return { kind: 'entered' }
  } catch (error) {
    const fence = sqlState(error)
    const words = fence === undefined ? undefined : fenceWords[fence]
    if (!words || fence === undefined) throw error
    return { kind: 'refused', ...words, fence }
  }
}

/**
 * Writes a decision to enter on an account that Sath cannot trade yet: a refused trade without an order, for its owner to see.
 * False: the candle is decided already, or the epoch is over.
 */
export async function commitUnavailable(
  db: Db,
  decision: DecisionWrite,
  wish: EntryWish,
  reason: string,
): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await tx.insert(trades).values({ ...tradeOf(wish), status: 'refused', reason })
      const saved = await commitDecisions(tx, [{ ...decision, tradeId: wish.tradeId }])
      if (saved.size === 0) throw new Ignored()
    })
    return true
  } catch (error) {
    if (error instanceof Ignored || sqlState(error) === '23505') return false
    throw error
  }
}

export type OrderRow = typeof orders.$inferSelect
export type TradeRow = typeof trades.$inferSelect

/** An order with its trade. */
export interface OrderAndTrade {
  readonly order: OrderRow
  readonly trade: TradeRow
  /** Timeframe of the strategy that made it, from its configuration; null for a manual order. */
  readonly timeframe: string | null
  /** The database's clock less `sendBefore`, ms; negative: it may still be sent. */
  readonly overdueMs: number
}

const timeframe = sql<string | null>`(
  select s.value ->> 'timeframe' from bot_configs c, jsonb_array_elements(c.config -> 'strategies') s
  where c.tenant_id = ${trades.tenantId} and c.version = ${trades.configVersion} and s.value ->> 'id' = ${trades.strategyId}::text)`
const overdueMs = sql<number>`(extract(epoch from now() - ${orders.sendBefore}) * 1000)::float8`

/** Pending and unknown orders of one tenant, or of a node: those of its runs, and manual ones. Oldest first. */
export async function unansweredOrders(
  db: Db,
  of: { readonly tenantId: string } | { readonly node: string },
): Promise<OrderAndTrade[]> {
  const theirs =
    'tenantId' in of
      ? eq(orders.tenantId, of.tenantId)
      : sql`(${orders.runId} is null or exists (select from bot_runs r where r.id = ${orders.runId} and r.node = ${of.node}))`
  return await db
    .select({ order: orders, trade: trades, timeframe, overdueMs })
    .from(orders)
    .innerJoin(trades, eq(trades.id, orders.tradeId))
    .where(and(inArray(orders.status, ['pending', 'unknown']), theirs))
    .orderBy(orders.createdAt)
}

/** Manual orders of a source that nobody has begun to send; at most one caller gets each, and it must then send it. */
export async function claimManualOrders(db: Db, source: string): Promise<OrderAndTrade[]> {
  const claimed = await db
    .update(orders)
    .set({ sentAt: sql`now()` })
    .where(
      and(
        eq(orders.purpose, 'manual'),
        eq(orders.status, 'pending'),
        sql`${orders.sentAt} is null`,
        sql`exists (select from trades t where t.id = ${orders.tradeId} and t.source = ${source})`,
      ),
    )
    .returning({ id: orders.id })
  if (claimed.length === 0) return []
  return await db
    .select({ order: orders, trade: trades, timeframe, overdueMs })
    .from(orders)
    .innerJoin(trades, eq(trades.id, orders.tradeId))
    .where(
      inArray(
        orders.id,
        claimed.map(({ id }) => id),
      ),
    )
    .orderBy(orders.createdAt)
}

/** Trades of a source that are pending, open or unknown, each with the order that opened it, oldest first. */
export async function unfinishedTrades(db: Db, source: string): Promise<OrderAndTrade[]> {
  return await db
    .select({ order: orders, trade: trades, timeframe, overdueMs })
    .from(trades)
    .innerJoin(
      orders,
      and(eq(orders.tradeId, trades.id), inArray(orders.purpose, ['entry', 'manual'] as OrderPurpose[])),
    )
    .where(and(eq(trades.source, source), inArray(trades.status, ['pending', 'open', 'unknown'])))
    .orderBy(trades.createdAt)
}

export type OrderAnswer =
  | { readonly kind: 'accepted'; readonly orderId: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/**
 * Writes what the broker said about an order and what it means for its trade. An order that is answered stays as it is.
 * `decidedAt` (epoch ms) fixes when a manual trade would expire. Returns the trade as it is now; undefined: nothing changed.
 */
export async function recordAnswer(
  db: Db,
  { orderId, tradeId, durationMs }: { orderId: string; tradeId: string; durationMs: number | null },
  answer: OrderAnswer,
  decidedAt: number,
): Promise<TradeRow | undefined> {
  return await db.transaction(async (tx) => {
    const [changed] = await tx
      .update(orders)
      .set({
        status: answer.kind,
        answeredAt: sql`now()`,
        ...(answer.kind === 'accepted' ? { brokerOrderId: answer.orderId } : { reason: answer.reason }),
      })
      .where(and(eq(orders.id, orderId), inArray(orders.status, ['pending', 'unknown'])))
      .returning({ id: orders.id })
    if (!changed) return undefined
    const status = answer.kind === 'accepted' ? 'open' : answer.kind
    const [row] = await tx
      .update(trades)
      .set({
        status,
        ...(status === 'refused' && answer.kind === 'refused' ? { reason: answer.reason } : {}),
        ...(status === 'open' && durationMs !== null ? { expiresAt: new Date(decidedAt + durationMs) } : {}),
      })
      .where(and(eq(trades.id, tradeId), inArray(trades.status, ['pending', 'unknown'])))
      .returning()
    return row
  })
}

/** UTC day of an instant, YYYY-MM-DD. */
export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Without the zeros that numeric(38,18) puts behind every number. */
function plain(value: string | null): string | null {
  return value?.includes('.') ? value.replace(/\.?0+$/, '') : value
}
