import { directions, outcomes, timeframes, tradeStatuses } from '@sath/core'
import { z } from 'zod'
import { PositiveDecimal } from '../bot-config.js'
import { Amount, Id, listOf, pageQuery, QueryTime, rangeQuery, Time } from './common.js'
import { Source, SymbolName } from './jobs.js'

export const TradesQuery = z.strictObject({
  ...pageQuery,
  ...rangeQuery,
  strategyId: Id.optional(),
  symbol: SymbolName.optional(),
  status: z.enum(tradeStatuses).optional(),
})
export const SignalsQuery = z.strictObject({
  ...pageQuery,
  ...rangeQuery,
  strategyId: Id.optional(),
  symbol: SymbolName.optional(),
})
export const DecisionsQuery = SignalsQuery

export const Trade = z
  .object({
    id: Id,
    /** Null: manual. */
    strategyId: Id.nullable(),
    symbol: z.string(),
    source: z.string(),
    /** "paper" or the id of a broker key. */
    account: z.string(),
    instrument: z.enum(['binary', 'spot']),
    direction: z.enum(directions),
    stake: Amount,
    currency: z.string(),
    payout: Amount,
    level: z.int(),
    status: z.enum(tradeStatuses),
    reason: z.string(),
    entryPrice: Amount.nullable(),
    exitPrice: Amount.nullable(),
    profit: Amount.nullable(),
    confidence: z.number().nullable(),
    indicators: z.record(z.string(), z.number()),
    signalTime: Time,
    openedAt: Time.nullable(),
    expiresAt: Time.nullable(),
    closedAt: Time.nullable(),
    createdAt: Time,
  })
  .meta({ id: 'Trade' })
export const Signal = z
  .object({
    id: Id,
    strategyId: Id,
    symbol: z.string(),
    timeframe: z.string(),
    time: Time,
    direction: z.enum(directions),
    confidence: z.number(),
    reason: z.string(),
  })
  .meta({ id: 'Signal' })
export const Decision = z.object({
  strategyId: Id,
  symbol: z.string(),
  from: Time,
  to: Time,
  candles: z.int(),
  outcome: z.enum(outcomes),
  reason: z.string(),
  tradeId: Id.nullable(),
})

export const ManualTradeBody = z.strictObject({
  symbol: SymbolName,
  direction: z.enum(directions),
  stake: PositiveDecimal,
  /** Minutes of market time until the option expires. */
  expiryCandles: z.int().min(1).max(100),
  brokerAccountId: Id.optional(),
})
export const ManualTrade = z.object({ id: Id, status: z.enum(tradeStatuses) })

export const CandlesQuery = z.strictObject({
  ...pageQuery,
  ...rangeQuery,
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  symbol: SymbolName,
  timeframe: z.enum(timeframes).default('M1'),
  source: Source.optional(),
})
export const StrategyView = z.object({
  id: z.string(),
  name: z.string(),
  summary: z.string(),
  source: z.string(),
  warmUp: z.int(),
  /** The only one it signals on; absent: any. */
  timeframe: z.enum(timeframes).optional(),
  /** JSON Schema. */
  params: z.record(z.string(), z.unknown()),
})
export const Strategies = listOf(StrategyView)
export const SymbolView = z.object({
  symbol: z.string(),
  source: z.string(),
  synthetic: z.boolean(),
  lastCandleAt: Time.nullable(),
})
export const Symbols = listOf(SymbolView)

export const MetricsQuery = z.strictObject({
  /** Comma-separated; absent: all. */
  names: z
    .string()
    .max(500)
    .regex(/^[a-z0-9-]{1,40}(,[a-z0-9-]{1,40})*$/, 'must be names separated by commas')
    .optional(),
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  /** Seconds. */
  step: z.coerce.number().int().min(1).max(86_400).optional(),
})
export const Metrics = z.object({
  series: z.array(z.object({ name: z.string(), unit: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })),
})

export const PerformanceQuery = z.strictObject({
  period: z.enum(['day', 'week', 'month']).optional(),
  account: z.union([z.literal('paper'), Id]).default('paper'),
})
export const PerformanceView = z.object({
  account: z.string(),
  currency: z.string(),
  from: Time.nullable(),
  to: Time.nullable(),
  trades: z.int(),
  wins: z.int(),
  losses: z.int(),
  ties: z.int(),
  staked: Amount,
  profit: Amount,
  grossProfit: Amount,
  grossLoss: Amount,
  winRate: z.number().nullable(),
  profitFactor: z.number().nullable(),
  sharpe: z.number().nullable(),
  maxDrawdown: Amount,
  maxDrawdownRate: z.number(),
  longestWinStreak: z.int(),
  longestLossStreak: z.int(),
  currentStreak: z.int(),
})

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export const LogsQuery = z.strictObject({
  ...pageQuery,
  /** Nothing older than this. */
  from: QueryTime.optional(),
  /** This level and above. */
  level: z.enum(logLevels).optional(),
})
export const LogLine = z.object({
  time: Time,
  level: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
})
