import type { TradeStatus } from '@sath/core'
import { and, desc, eq, gte, inArray, lte, type SQL } from 'drizzle-orm'
import type { Db } from './client.js'
import { afterCursor, type PageRequest, type SortKey, toPage } from './cursor.js'
import { brokerAccounts, decisions, runEvents, signals, trades } from './schema/index.js'
import { signalView, tradeView } from './trade-view.js'

/** `from` and `to` are inclusive market times. */
export interface HistoryFilter {
  readonly strategyId?: string | undefined
  readonly symbol?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

const tradeOrder: readonly SortKey[] = [
  { column: trades.createdAt, type: 'timestamptz' },
  { column: trades.id, type: 'uuid' },
]
const signalOrder: readonly SortKey[] = [
  { column: signals.time, type: 'timestamptz' },
  { column: signals.strategyId, type: 'uuid' },
  { column: signals.symbol, type: 'text' },
]
const decisionOrder: readonly SortKey[] = [
  { column: decisions.fromTime, type: 'timestamptz' },
  { column: decisions.strategyId, type: 'uuid' },
  { column: decisions.symbol, type: 'text' },
]
const eventOrder: readonly SortKey[] = [
  { column: runEvents.time, type: 'timestamptz' },
  { column: runEvents.id, type: 'bigint' },
]

/** What one tenant's bot did, for reading. Bound to its tenant at birth, so no query can forget the filter. Newest first. */
export function historyRepository(db: Db, tenantId: string) {
  return {
    /** In the order in which they were made; `from` and `to` bound the time of the signal. */
    async trades(filter: HistoryFilter & { readonly status?: TradeStatus | undefined }, page: PageRequest) {
      const rows = await db
        .select()
        .from(trades)
        .where(
          and(
            eq(trades.tenantId, tenantId),
            when(filter.strategyId, (id) => eq(trades.strategyId, id)),
            when(filter.symbol, (symbol) => eq(trades.symbol, symbol)),
            when(filter.status, (status) => eq(trades.status, status)),
            when(filter.from, (from) => gte(trades.signalTime, from)),
            when(filter.to, (to) => lte(trades.signalTime, to)),
            afterCursor(tradeOrder, page.cursor),
          ),
        )
        .orderBy(desc(trades.createdAt), desc(trades.id))
        .limit(page.limit + 1)
      return toPage(rows, page.limit, (row) => [row.createdAt, row.id], tradeView)
    },
    /** What is not over: open, and orders whose fate is not known yet. */
    async positions(page: PageRequest) {
      const rows = await db
        .select()
        .from(trades)
        .where(
          and(
            eq(trades.tenantId, tenantId),
            inArray(trades.status, ['pending', 'open', 'unknown']),
            afterCursor(tradeOrder, page.cursor),
          ),
        )
        .orderBy(desc(trades.createdAt), desc(trades.id))
        .limit(page.limit + 1)
      return toPage(rows, page.limit, (row) => [row.createdAt, row.id], tradeView)
    },
    async signals(filter: HistoryFilter, page: PageRequest) {
      const rows = await db
        .select()
        .from(signals)
        .where(
          and(
            eq(signals.tenantId, tenantId),
            when(filter.strategyId, (id) => eq(signals.strategyId, id)),
            when(filter.symbol, (symbol) => eq(signals.symbol, symbol)),
            when(filter.from, (from) => gte(signals.time, from)),
            when(filter.to, (to) => lte(signals.time, to)),
            afterCursor(signalOrder, page.cursor),
          ),
        )
        .orderBy(desc(signals.time), desc(signals.strategyId), desc(signals.symbol))
        .limit(page.limit + 1)
      return toPage(rows, page.limit, (row) => [row.time, row.strategyId, row.symbol], signalView)
    },
    /** A range belongs to the window when any of its candles does. */
    async decisions(filter: HistoryFilter, page: PageRequest) {
      const rows = await db
        .select()
        .from(decisions)
        .where(
          and(
            eq(decisions.tenantId, tenantId),
            when(filter.strategyId, (id) => eq(decisions.strategyId, id)),
            when(filter.symbol, (symbol) => eq(decisions.symbol, symbol)),
            when(filter.from, (from) => gte(decisions.toTime, from)),
            when(filter.to, (to) => lte(decisions.fromTime, to)),
            afterCursor(decisionOrder, page.cursor),
          ),
        )
        .orderBy(desc(decisions.fromTime), desc(decisions.strategyId), desc(decisions.symbol))
        .limit(page.limit + 1)
      return toPage(
        rows,
        page.limit,
        (row) => [row.fromTime, row.strategyId, row.symbol],
        (row) => ({
          strategyId: row.strategyId,
          symbol: row.symbol,
          from: row.fromTime.toISOString(),
          to: row.toTime.toISOString(),
          candles: row.candles,
          outcome: row.outcome,
          reason: row.reason,
          tradeId: row.tradeId,
        }),
      )
    },
    /** What happened to the bot. */
    async events(page: PageRequest) {
      const rows = await db
        .select()
        .from(runEvents)
        .where(and(eq(runEvents.tenantId, tenantId), afterCursor(eventOrder, page.cursor)))
        .orderBy(desc(runEvents.time), desc(runEvents.id))
        .limit(page.limit + 1)
      return toPage(
        rows,
        page.limit,
        (row) => [row.time, row.id],
        ({ id, time, runId, type, message, fields }) => ({
          id,
          time: time.toISOString(),
          runId,
          type,
          message,
          fields,
        }),
      )
    },
    /** What each account holds, as last known; paper first. */
    accounts() {
      return db
        .select({
          account: brokerAccounts.account,
          currency: brokerAccounts.currency,
          startBalance: brokerAccounts.startBalance,
          balance: brokerAccounts.balance,
          updatedAt: brokerAccounts.updatedAt,
        })
        .from(brokerAccounts)
        .where(eq(brokerAccounts.tenantId, tenantId))
        .orderBy(desc(eq(brokerAccounts.account, 'paper')), brokerAccounts.account)
    },
  }
}
export type HistoryRepository = ReturnType<typeof historyRepository>

function when<T>(value: T | undefined, condition: (value: T) => SQL): SQL | undefined {
  return value === undefined ? undefined : condition(value)
}
