import type { Timeframe } from './candle.js'
import type { Decimal } from './money.js'
import type { Instrument } from './trade.js'

export type Mode = 'paper' | 'live'

/** What a stop does with open positions. A binary option cannot be closed and is always kept to its expiry. */
export type OnStop = 'close' | 'keep'

export interface BotRisk {
  /** Loss of one market day (of the bot's timezone), in the account's currency, after which nothing new is entered that day. */
  readonly maxDailyLoss?: Decimal | undefined
  readonly maxDailyProfit?: Decimal | undefined
  /** Most that may be at stake at once, over every open trade and the next one. */
  readonly maxExposure?: Decimal | undefined
  /** 1 = 1 % of the capital. */
  readonly stopDrawdownPct?: number | undefined
  readonly targetProfitPct?: number | undefined
  readonly maxTradesPerDay?: number | undefined
}

export type MartingalePlan = 'none' | 'classic' | 'break-even' | 'target'

export interface Martingale {
  readonly plan: MartingalePlan
  /** `dual`: CALL and PUT climb independent ladders. */
  readonly ladder: 'single' | 'dual'
  /** When a lost level is tried again: on the next signal, or at once on the next candle in the same direction. */
  readonly next: 'signal' | 'candle'
  /** Factor between levels of the classic plan, for example "2.0". */
  readonly multiplier: Decimal
  /** Highest level that may be staked; 0 = never more than the base stake. */
  readonly maxLevel: number
}

export interface StrategyRisk {
  readonly stopLossPct?: number | undefined
  readonly takeProfitPct?: number | undefined
  readonly maxDailyLoss?: Decimal | undefined
  readonly maxDailyProfit?: Decimal | undefined
  readonly maxTradesPerDay?: number | undefined
  /** Least profit of a win per unit staked, for example "0.80", at which a binary option is entered. */
  readonly minPayout?: Decimal | undefined
  /** Bars of the strategy's timeframe without a new entry after lost trades. */
  readonly cooldownCandles?: number | undefined
  /** How many losses in a row, without a win between them, start that pause; absent: 1. The next such pause needs as many again. */
  readonly cooldownAfterLosses?: number | undefined
}

export interface TradingHours {
  /** IANA name, for example "America/Argentina/Buenos_Aires". */
  readonly timezone: string
  /** ISO weekdays: 1 = Monday … 7 = Sunday. */
  readonly days: readonly number[]
  /** "HH:MM", local; `end` before `start` runs across midnight, and the day is the one it started on. */
  readonly start: string
  readonly end: string
}

export interface StrategyConfig {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  /** Id in the catalogue of strategies. */
  readonly strategy: string
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly symbols: readonly string[]
  /** Feed; absent: the installation's own. */
  readonly source?: string | undefined
  readonly timeframe: Timeframe
  readonly instrument: Instrument
  readonly expiryCandles: number
  readonly stake: Decimal
  /** Absent: the paper account. */
  readonly brokerAccountId?: string | undefined
  readonly martingale: Martingale
  readonly risk: StrategyRisk
  readonly tradingHours?: TradingHours | undefined
  readonly confirmTimeframe?: Timeframe | undefined
}

/** What a subscriber's bot does: one document, saved whole, with a version that counts up. */
export interface BotConfig {
  readonly mode: Mode
  readonly onStop: OnStop
  readonly capital: Decimal
  /** IANA name of the time zone whose days the daily limits count, for example "Europe/Madrid"; absent: "UTC". */
  readonly timezone?: string | undefined
  readonly risk: BotRisk
  readonly strategies: readonly StrategyConfig[]
}

/** What a plan allows. `null` is unlimited. */
export interface PlanLimits {
  readonly maxStrategies: number | null
  readonly maxSymbols: number | null
  readonly maxTradesPerDay: number | null
  readonly maxCapitalPerTrade: Decimal | null
  readonly maxCapital: Decimal | null
  readonly modes: readonly Mode[]
  readonly multiTimeframe: boolean
  readonly backtesting: boolean
  readonly historyDays: number | null
  readonly aiEnsemble: boolean
  readonly apiAccess: boolean
  readonly logRetentionDays: number
  readonly memoryMiB: number
  readonly cpu: number
}
