import { type BotConfig as CoreBotConfig, isDecimal, timeframes } from '@sath/core'
import { z } from 'zod'

/** A positive decimal string such as "1.50". */
export const PositiveDecimal = z
  .string()
  .refine(
    (text) => isDecimal(text) && !text.startsWith('-') && Number(text) > 0,
    'must be a positive decimal such as "1.50"',
  )

const Percent = z.number().positive().max(100)
const Count = z.int().min(1).max(100_000)

const Timezone = z.string().max(60).refine(isTimezone, 'must be an IANA time zone such as "Europe/Madrid"')

export const TradingHours = z.strictObject({
  timezone: Timezone,
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM'),
  end: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM'),
})

export const Martingale = z.strictObject({
  plan: z.enum(['none', 'classic', 'break-even', 'target']),
  ladder: z.enum(['single', 'dual']),
  next: z.enum(['signal', 'candle']),
  multiplier: PositiveDecimal.refine((text) => Number(text) >= 1 && Number(text) <= 10, 'must be from 1 to 10'),
  maxLevel: z.int().min(0).max(10),
})

export const StrategyConfig = z.strictObject({
  id: z.guid(),
  name: z.string().trim().min(1).max(60),
  enabled: z.boolean(),
  strategy: z.string().min(1).max(40),
  params: z.record(z.string().max(40), z.union([z.number(), z.string().max(100), z.boolean()])),
  symbols: z
    .array(z.string().regex(/^[A-Z0-9._-]{2,20}$/, 'must be a symbol such as BTCUSDT'))
    .min(1)
    .max(50)
    .refine((symbols) => new Set(symbols).size === symbols.length, 'names a symbol twice'),
  source: z
    .string()
    .regex(/^[a-z0-9-]{2,20}$/)
    .optional(),
  timeframe: z.enum(timeframes),
  instrument: z.enum(['binary', 'spot']),
  expiryCandles: z.int().min(1).max(100),
  stake: PositiveDecimal,
  brokerAccountId: z.guid().optional(),
  martingale: Martingale,
  risk: z.strictObject({
    stopLossPct: Percent.optional(),
    takeProfitPct: Percent.optional(),
    maxDailyLoss: PositiveDecimal.optional(),
    maxDailyProfit: PositiveDecimal.optional(),
    maxTradesPerDay: Count.optional(),
    minPayout: PositiveDecimal.refine((text) => Number(text) <= 10, 'must be at most 10').optional(),
    cooldownCandles: z.int().min(0).max(1000).optional(),
    cooldownAfterLosses: z.int().min(1).max(100).optional(),
  }),
  tradingHours: TradingHours.optional(),
  confirmTimeframe: z.enum(timeframes).optional(),
})

/** The shape of a bot's configuration. What a plan or the catalogue of strategies forbids is checked after it. */
export const BotConfig = z.strictObject({
  mode: z.enum(['paper', 'live']),
  onStop: z.enum(['close', 'keep']),
  capital: PositiveDecimal,
  timezone: Timezone.optional(),
  risk: z.strictObject({
    maxDailyLoss: PositiveDecimal.optional(),
    maxDailyProfit: PositiveDecimal.optional(),
    maxExposure: PositiveDecimal.optional(),
    stopDrawdownPct: Percent.optional(),
    targetProfitPct: z.number().positive().max(10_000).optional(),
    maxTradesPerDay: Count.optional(),
  }),
  strategies: z
    .array(StrategyConfig)
    .max(100)
    .refine((list) => new Set(list.map((s) => s.id)).size === list.length, 'two strategies share an id'),
}) satisfies z.ZodType<CoreBotConfig>

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
