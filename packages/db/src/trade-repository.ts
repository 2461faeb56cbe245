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
      readonly tenantId: string
      readonly account: string
      readonly status: Extract<TradeStatus, 'win' | 'loss' | 'tie' | 'cancelled'>
      readonly exitPrice: Decimal | null
      readonly profit: Decimal
      readonly reason: string
      readonly closedAt: number
    }

/**
 * Writes what happened to trades, in the order given, and with each close moves the account's balance. A trade that is not
 * open any more stays as it is. Call it in a transaction. Returns the trades as they are now, each once, in order of change.
 */
export async function recordTradeEvents(tx: Db, events: readonly TradeEvent[]): Promise<TradeRow[]> {
  const changed = new Map<string, TradeRow>()
  for (const event of events) {
    const [row] = await tx
      .update(trades)
      .set(changesOf(event))
      .where(and(eq(trades.id, event.tradeId), eq(trades.status, 'open')))
      .returning()
    if (!row) {
      const [asIs] = await tx.select().from(trades).where(eq(trades.id, event.tradeId))
      if (asIs) changed.set(asIs.id, asIs)
      continue
    }
    changed.set(row.id, row)
    if (event.kind === 'closed' && event.status !== 'cancelled') {
      await tx
        .update(brokerAccounts)
        .set({ balance: sql`${brokerAccounts.balance} + ${event.profit}::numeric`, updatedAt: sql`now()` })
        .where(and(eq(brokerAccounts.tenantId, event.tenantId), eq(brokerAccounts.account, event.account)))
    }
  }
  return [...changed.values()]
}

function changesOf(event: TradeEvent) {
  if (event.kind === 'opened') {
    return { entryPrice: event.entryPrice, openedAt: new Date(event.openedAt), expiresAt: new Date(event.expiresAt) }
  }
  const { status, exitPrice, profit, closedAt } = event
  const closed = { status, exitPrice, profit, closedAt: new Date(closedAt) }
  return status === 'cancelled' ? { ...closed, reason: event.reason } : closed
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
