import type { Decimal, TradeStatus } from '@sath/core'
import { and, desc, eq, inArray, isNotNull, notInArray, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import type { TradeRow } from './order-repository.js'
import { brokerAccounts, trades } from './schema/index.js'

/** What market time did to a trade. Times are market time, epoch ms. */
export type TradeEvent =
  | {
      readonly kind: 'opened'
      readonly tradeId: string
      readonly entryPrice: Decimal
      readonly openedAt: number
      readonly expiresAt: number
    }
  | {
      readonly kind: 'closed'
      readonly tradeId: string
      readonly status: Extract<TradeStatus, 'win' | 'loss' | 'tie' | 'cancelled'>
      readonly exitPrice: Decimal | null
      readonly profit: Decimal
      readonly reason: string
      readonly closedAt: number
    }

/**
 * Writes what happened to trades, and with each close moves the account's balance. A trade that is not open any more stays as
 * it is. Call it in a transaction. Returns the trades as they are now, each once, in order of first change. Three statements,
 * however many the events are: hundreds of options may expire with one candle.
 */
export async function recordTradeEvents(tx: Db, events: readonly TradeEvent[]): Promise<TradeRow[]> {
  await recordOpened(tx, events)
  await recordClosed(tx, events)
  const ids = [...new Set(events.map(({ tradeId }) => tradeId))]
  if (ids.length === 0) return []
  const rows = await tx
    .select()
    .from(trades)
    .where(
      sql`${trades.id} in (select id::uuid from json_array_elements_text(${JSON.stringify(ids)}::json) as changed(id))`,
    )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

async function recordOpened(tx: Db, events: readonly TradeEvent[]): Promise<void> {
  const opened = events
    .filter((event) => event.kind === 'opened')
    .map(({ tradeId, entryPrice, openedAt, expiresAt }) => ({
      id: tradeId,
      price: entryPrice,
      opened: new Date(openedAt),
      expires: new Date(expiresAt),
    }))
  if (opened.length === 0) return
  await tx.execute(sql`
    update trades t set entry_price = e.price, opened_at = e.opened, expires_at = e.expires
    from json_to_recordset(${JSON.stringify(opened)}::json) as e(
      id uuid, price numeric, opened timestamptz, expires timestamptz)
    where t.id = e.id and t.status = 'open'`)
}

/** Only a trade that was open here moves the balance, so telling a close twice moves it once. */
async function recordClosed(tx: Db, events: readonly TradeEvent[]): Promise<void> {
  const closed = events
    .filter((event) => event.kind === 'closed')
    .map(({ tradeId, status, exitPrice, profit, closedAt, reason }) => ({
      id: tradeId,
      status,
      price: exitPrice,
      profit,
      closed: new Date(closedAt),
      reason: status === 'cancelled' ? reason : null,
    }))
  if (closed.length === 0) return
  await tx.execute(sql`
    with done as (
      update trades t set status = e.status, exit_price = e.price, profit = e.profit, closed_at = e.closed,
        reason = coalesce(e.reason, t.reason)
      from json_to_recordset(${JSON.stringify(closed)}::json) as e(
        id uuid, status text, price numeric, profit numeric, closed timestamptz, reason text)
      where t.id = e.id and t.status = 'open'
      returning t.tenant_id, t.account, t.status, t.profit
    ), sums as (
      select tenant_id, account, sum(profit) as profit from done where status <> 'cancelled' group by 1, 2
    )
    update broker_accounts b set balance = b.balance + s.profit, updated_at = now()
    from sums s where b.tenant_id = s.tenant_id and b.account = s.account`)
}

/** Makes sure the tenant's paper account exists; it begins with the capital of its configuration. */
export async function ensurePaperAccount(db: Db, tenantId: string, capital: Decimal, currency: string): Promise<void> {
  await db
    .insert(brokerAccounts)
    .values({ tenantId, account: 'paper', currency, startBalance: capital, balance: capital })
    .onConflictDoNothing()
}

/** Balances of the paper accounts of these tenants, in their currency. */
export async function paperBalances(db: Db, tenantIds: readonly string[]) {
  if (tenantIds.length === 0) return []
  return await db
    .select({
      tenantId: brokerAccounts.tenantId,
      currency: brokerAccounts.currency,
      balance: brokerAccounts.balance,
      startBalance: brokerAccounts.startBalance,
    })
    .from(brokerAccounts)
    .where(and(inArray(brokerAccounts.tenantId, [...tenantIds]), eq(brokerAccounts.account, 'paper')))
}

/** Most trades a session starts with; older ones no longer move a ladder or a day, only the totals. */
const mostTrades = 20_000

/** The trades of a tenant's strategies that ladders, counters and totals depend on, oldest close first, then the open ones. */
export async function tradesForBot(db: Db, tenantId: string): Promise<TradeRow[]> {
  const rows = await db
    .select()
    .from(trades)
    .where(and(eq(trades.tenantId, tenantId), isNotNull(trades.strategyId), notInArray(trades.status, ['refused'])))
    .orderBy(desc(trades.createdAt))
    .limit(mostTrades)
  const closeOf = ({ closedAt }: TradeRow) => closedAt?.getTime() ?? Number.POSITIVE_INFINITY
  return rows.sort((a, b) => closeOf(a) - closeOf(b) || a.signalTime.getTime() - b.signalTime.getTime())
}

/** What a tenant has open, or may have. */
export async function openTrades(db: Db, tenantId: string): Promise<TradeRow[]> {
  return await db
    .select()
    .from(trades)
    .where(and(eq(trades.tenantId, tenantId), inArray(trades.status, ['pending', 'open', 'unknown'])))
    .orderBy(trades.createdAt)
}
