import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import type { EntryFacts } from './entry-limits.js'
import { type OrderPurpose, orders, trades } from './schema/index.js'

/** How long after its row an order may still be sent, seconds of database time. */
export const sendWithinSeconds = 5

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
