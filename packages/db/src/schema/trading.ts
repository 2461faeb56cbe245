import { directions, outcomes, tradeStatuses } from '@sath/core'
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { botRuns } from './bots.js'
import { createdAt, exact, instant, isCurrencyCode, oneOf } from './columns.js'
import { credentials } from './credentials.js'
import { users } from './users.js'

/** Latest state of each strategy and symbol. Text JSON, not jsonb: key order and every float come back as they went in. */
export const strategyCheckpoints = pgTable(
  'strategy_checkpoints',
  {
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    strategyId: uuid().notNull(),
    symbol: text().notNull(),
    configVersion: integer().notNull(),
    /** Open time of the last decided candle. */
    candleTime: instant().notNull(),
    state: json().notNull(),
    updatedAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.strategyId, t.symbol] })],
)

/** A position from intent to outcome. Times except createdAt are market time. */
export const trades = pgTable(
  'trades',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Null: a manual trade. */
    strategyId: uuid(),
    runId: uuid(),
    epoch: bigint({ mode: 'number' }),
    configVersion: integer(),
    symbol: text().notNull(),
    source: text().notNull(),
    /** "paper" or a credential id. */
    account: text().notNull(),
    instrument: text({ enum: ['binary', 'spot'] }).notNull(),
    direction: text({ enum: directions }).notNull(),
    stake: exact().notNull(),
    currency: text().notNull(),
    /** Profit of a win per unit staked, at order time. */
    payout: exact().notNull(),
    level: integer().notNull().default(0),
    status: text({ enum: tradeStatuses }).notNull().default('pending'),
    reason: text().notNull().default(''),
    confidence: doublePrecision(),
    indicators: jsonb().$type<Record<string, number>>().notNull().default({}),
    /** Length of the option, or the timed close of a spot position, in ms of market time; null: none. */
    durationMs: bigint({ mode: 'number' }),
    stopLossPct: doublePrecision(),
    takeProfitPct: doublePrecision(),
    entryPrice: exact(),
    exitPrice: exact(),
    /** Gain or loss in `currency` once final. */
    profit: exact(),
    /** Open time of the signal bar; for a manual trade the market time of the request. */
    signalTime: instant().notNull(),
    /** UTC day of signalTime: daily limits count by it. */
    marketDay: date({ mode: 'string' }).notNull(),
    openedAt: instant(),
    expiresAt: instant(),
    closedAt: instant(),
    /** Database time since which it is to be closed at the next price, whatever its bot does. */
    closeAskedAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    index('trades_tenant_created').on(t.tenantId, t.createdAt),
    index('trades_tenant_day').on(t.tenantId, t.marketDay),
    index('trades_tenant_strategy').on(t.tenantId, t.strategyId, t.signalTime),
    index('trades_unfinished').on(t.tenantId).where(sql`${t.status} in ('pending', 'open', 'unknown')`),
    index('trades_close_asked').on(t.tenantId).where(sql`${t.status} = 'open' and ${t.closeAskedAt} is not null`),
    check('trades_status', oneOf(t.status, tradeStatuses)),
    check('trades_direction', oneOf(t.direction, directions)),
    check('trades_money', sql`${t.stake} > 0 and ${t.payout} >= 0 and ${t.level} >= 0`),
    check('trades_currency', isCurrencyCode(t.currency)),
    check(
      'trades_closed',
      sql`(${t.status} in ('win', 'loss', 'tie')) <= (${t.closedAt} is not null and ${t.profit} is not null and ${t.entryPrice} is not null and ${t.exitPrice} is not null)`,
    ),
    check(
      'trades_sign',
      sql`${t.status} not in ('win', 'loss', 'tie') or (${t.status} = 'win' and ${t.profit} > 0) or (${t.status} = 'loss' and ${t.profit} < 0) or (${t.status} = 'tie' and ${t.profit} = 0)`,
    ),
  ],
)

export const orderPurposes = ['entry', 'manual', 'exit'] as const
export type OrderPurpose = (typeof orderPurposes)[number]
export const orderStatuses = ['pending', 'accepted', 'refused', 'unknown', 'cancelled'] as const
export type OrderStatus = (typeof orderStatuses)[number]

/**
 * Nothing is sent to a broker without its row in here. A trigger (see the migration) takes the bot's row lock before every
 * insert and refuses an entry of another epoch, an entry or manual order under hold, and an entry while an older epoch's
 * orders are pending or unknown.
 */
export const orders = pgTable(
  'orders',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tradeId: uuid()
      .notNull()
      .references(() => trades.id, { onDelete: 'cascade' }),
    runId: uuid().references(() => botRuns.id),
    epoch: bigint({ mode: 'number' }),
    purpose: text({ enum: orderPurposes }).notNull(),
    /** Entries: the bot's intent. Manual: the caller's idempotency. Exits: derived from the trade. */
    intentId: uuid().notNull(),
    /** What the broker sees; derived from the intent, so a second send is recognised. */
    clientOrderId: text().notNull(),
    account: text().notNull(),
    credentialId: uuid().references(() => credentials.id),
    symbol: text().notNull(),
    direction: text({ enum: directions }).notNull(),
    amount: exact().notNull(),
    currency: text().notNull(),
    status: text({ enum: orderStatuses }).notNull().default('pending'),
    reason: text().notNull().default(''),
    brokerOrderId: text(),
    /** Database time after which it must not be sent any more. */
    sendBefore: instant().notNull(),
    sentAt: instant(),
    answeredAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('orders_intent').on(t.tenantId, t.intentId),
    uniqueIndex('orders_client_order_id').on(t.clientOrderId),
    index('orders_tenant_created').on(t.tenantId, t.createdAt),
    index('orders_trade').on(t.tradeId),
    index('orders_unanswered').on(t.tenantId, t.epoch).where(sql`${t.status} in ('pending', 'unknown')`),
    check('orders_purpose', oneOf(t.purpose, orderPurposes)),
    check('orders_status', oneOf(t.status, orderStatuses)),
    check('orders_amount', sql`${t.amount} > 0`),
    check('orders_currency', isCurrencyCode(t.currency)),
    check('orders_entry', sql`${t.purpose} <> 'entry' or (${t.runId} is not null and ${t.epoch} is not null)`),
    check('orders_account', sql`(${t.account} = 'paper') = (${t.credentialId} is null)`),
  ],
)

/** Signals of strategies, traded or not. Partitioned by day of `time` (market time of the signal bar). */
export const signals = pgTable(
  'signals',
  {
    id: uuid().notNull().defaultRandom(),
    tenantId: uuid().notNull(),
    strategyId: uuid().notNull(),
    symbol: text().notNull(),
    timeframe: text().notNull(),
    time: instant().notNull(),
    direction: text({ enum: directions }).notNull(),
    confidence: doublePrecision().notNull(),
    reason: text().notNull(),
    configVersion: integer().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.strategyId, t.symbol, t.time] })],
)

/** One decision per candle; equal neighbours without a signal are one range. Partitioned by day of `from_time`. */
export const decisions = pgTable(
  'decisions',
  {
    tenantId: uuid().notNull(),
    strategyId: uuid().notNull(),
    symbol: text().notNull(),
    /** Open times of the first and last candle of the range. */
    fromTime: instant().notNull(),
    toTime: instant().notNull(),
    candles: integer().notNull().default(1),
    outcome: text({ enum: outcomes }).notNull(),
    reason: text().notNull(),
    configVersion: integer().notNull(),
    tradeId: uuid(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.strategyId, t.symbol, t.fromTime] }),
    check('decisions_range', sql`${t.toTime} >= ${t.fromTime} and ${t.candles} >= 1`),
  ],
)
