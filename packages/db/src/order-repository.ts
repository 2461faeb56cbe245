import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { type OrderPurpose, orders, trades } from './schema/index.js'

/** How long after its row an order may still be sent, seconds of database time. */
export const sendWithinSeconds = 5

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

export interface AnsweredOrder {
  readonly orderId: string
  readonly tradeId: string
  readonly answer: OrderAnswer
  /** When the trade would expire, market time in epoch ms, should it be open now; null: its row knows, or it has no end. */
  readonly expiresAt: number | null
}

/**
 * Writes what brokers said about orders and what it means for their trades, in one statement, all or none. An order that is
 * answered stays as it is. Returns the trades that changed, by id, as they are now.
 */
export async function recordAnswers(db: Db, answers: readonly AnsweredOrder[]): Promise<ReadonlyMap<string, TradeRow>> {
  const said = answers.map(({ orderId, answer, expiresAt }) => ({
    id: orderId,
    kind: answer.kind,
    broker_order_id: answer.kind === 'accepted' ? answer.orderId : null,
    reason: answer.kind === 'accepted' ? null : answer.reason,
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }))
  const isOpen = sql`answered.kind = 'accepted'`
  const answered = db.$with('answered').as(
    db
      .update(orders)
      .set({
        status: sql`e.kind`,
        answeredAt: sql`now()`,
        brokerOrderId: sql`coalesce(e.broker_order_id, ${orders.brokerOrderId})`,
        reason: sql`coalesce(e.reason, ${orders.reason})`,
      })
      .from(
        sql`json_to_recordset(${JSON.stringify(said)}::json)
          as e(id uuid, kind text, broker_order_id text, reason text, expires_at timestamptz)`,
      )
      .where(and(sql`${orders.id} = e.id`, inArray(orders.status, ['pending', 'unknown'])))
      .returning({
        tradeId: orders.tradeId,
        kind: sql<string>`e.kind`.as('kind'),
        said: sql<string | null>`e.reason`.as('said'),
        expires: sql<string | null>`e.expires_at`.as('expires'),
      }),
  )
  const rows = await db
    .with(answered)
    .update(trades)
    .set({
      status: sql`case when ${isOpen} then 'open' else answered.kind end`,
      reason: sql`case when answered.kind = 'refused' then answered.said else ${trades.reason} end`,
      expiresAt: sql`case when ${isOpen} then coalesce(answered.expires, ${trades.expiresAt}) else ${trades.expiresAt} end`,
    })
    .from(answered)
    .where(and(eq(trades.id, answered.tradeId), inArray(trades.status, ['pending', 'unknown'])))
    .returning(getTableColumns(trades))
  return new Map(rows.map((row) => [row.id, row]))
}
