import {
  type BotConfig,
  type Candle,
  type Decimal,
  directions,
  isDecimal,
  outcomes,
  type SeriesKey,
  type TradeStatus,
} from '@sath/core'
import { z } from 'zod'

/**
 * The session between a bot and its gateway: newline-delimited JSON over the run's own Unix socket, one object a line.
 *
 * The bot speaks first (`hello`); the gateway answers `welcome` and then sends results and candles in market order. The bot
 * answers every candle with one `decided` per strategy and symbol that wanted it; that answer is the acknowledgement, the
 * decision record, the order intent and the checkpoint in one, so the gateway commits all four in one transaction.
 * The gateway trusts nothing in here: run, tenant and epoch come from the socket's own row.
 */
export const sessionProtocol = 1
/** A gateway speaks its own version and the one before it; a bot bundle speaks exactly one. */
export const acceptedSessionProtocols: readonly number[] = [1]
/** A longer line from a bot ends its session. */
export const maxBotLineBytes = 256 * 1024

const Stake = z
  .string()
  .max(40)
  .refine((text) => isDecimal(text) && Number(text) > 0, 'must be a positive decimal')
const Json = z.json()

export const BotHello = z.strictObject({ type: z.literal('hello'), protocol: z.int(), bundle: z.string().max(80) })

export const BotIntent = z.strictObject({
  intentId: z.uuid(),
  direction: z.enum(directions),
  stake: Stake,
  level: z.int().min(0).max(50),
  confidence: z.number().min(0).max(1),
  reason: z.string().max(500),
})

/** One decision: exactly one per strategy, symbol and closed candle. */
export const BotDecided = z.strictObject({
  type: z.literal('decided'),
  strategyId: z.guid(),
  symbol: z.string().max(20),
  /** Open time of the decided candle, epoch ms. */
  candleTime: z.int().min(0),
  configVersion: z.int().min(1),
  outcome: z.enum(outcomes),
  reason: z.string().max(500),
  /** What the strategy saw, whether or not it was traded. */
  signal: z
    .strictObject({ direction: z.enum(directions), confidence: z.number().min(0).max(1), reason: z.string().max(500) })
    .nullable(),
  indicators: z.record(z.string().max(40), z.number()),
  /** Present exactly when the outcome is `traded`. */
  intent: BotIntent.nullable(),
  /** The strategy's whole state after this candle: small JSON, kept as the checkpoint. */
  state: Json,
})

export const BotHeartbeat = z.strictObject({
  type: z.literal('heartbeat'),
  /** Counts candles handled since the process began. */
  progress: z.int().min(0),
  rssBytes: z.int().min(0),
  heapUsedBytes: z.int().min(0),
  loopLagMs: z.number().min(0),
  /** 1 = 1 % of one core, since the last heartbeat. */
  cpuPercent: z.number().min(0),
})

/** The bot makes no new entries and has said everything it had to say. */
export const BotDrained = z.strictObject({ type: z.literal('drained') })

export const BotMessage = z.discriminatedUnion('type', [BotHello, BotDecided, BotHeartbeat, BotDrained])
export type BotHello = z.infer<typeof BotHello>
export type BotIntent = z.infer<typeof BotIntent>
export type BotDecided = z.infer<typeof BotDecided>
export type BotHeartbeat = z.infer<typeof BotHeartbeat>
export type BotMessage = z.infer<typeof BotMessage>

/** One trade as the bot's risk and ladders see it. Times are market time, epoch ms. */
export interface TradeResult {
  readonly tradeId: string
  readonly strategyId: string
  readonly symbol: string
  readonly direction: 'call' | 'put'
  readonly level: number
  readonly stake: Decimal
  readonly status: TradeStatus
  /** Gain or loss in the account's currency; "0" while open and on a tie. */
  readonly profit: Decimal
  /** Open time of the signal bar. */
  readonly signalTime: number
  /** Market time at which it closed; null while open, pending or unknown. */
  readonly closedAt: number | null
  /** Why it was refused or cancelled, for the bot's log; absent on every other. */
  readonly reason?: string
}

export interface Resume {
  readonly strategyId: string
  readonly symbol: string
  /** Open time of the last decided candle. */
  readonly candleTime: number
  readonly state: unknown
}

/** What the gateway says. */
export type GatewayMessage =
  | {
      readonly type: 'welcome'
      readonly protocol: number
      readonly tenantId: string
      readonly runId: string
      readonly epoch: number
      readonly configVersion: number
      readonly config: BotConfig
      /** Source of strategies that name none. */
      readonly defaultSource: string
      /** Profit of a won binary option per unit staked, for example "0.85", by symbol. */
      readonly payouts: Readonly<Record<string, Decimal>>
      /** Most the plan allows for one trade: a ladder level above it is a bust. Absent: no limit. */
      readonly maxStake?: Decimal
      /** Checkpoints of exactly this config version's strategies; a strategy without one starts from its candles. */
      readonly resume: readonly Resume[]
      /** Trades that ladders, counters and open positions depend on, oldest close first. Complete: the fold over it is the state. */
      readonly trades: readonly TradeResult[]
    }
  /** A new configuration: takes effect with the next candle. Fresh strategies come with their warm-up candles after it. */
  | {
      readonly type: 'config'
      readonly version: number
      readonly config: BotConfig
      readonly payouts: Readonly<Record<string, Decimal>>
      readonly maxStake?: Decimal
    }
  /** A trade opened, closed or was refused. Always before the candle whose close it precedes. */
  | { readonly type: 'trade'; readonly trade: TradeResult }
  /**
   * One closed candle of one series, in order of close time, of those that close together longer timeframes first. `warmUp`: fold it, answer nothing. `stale`: its entry moment has
   * passed; a signal on it is answered with outcome `stale`. Otherwise answer with one `decided` per strategy of this series.
   */
  | {
      readonly type: 'candle'
      readonly key: SeriesKey
      readonly candle: Candle
      readonly mode: 'live' | 'stale' | 'warm-up'
      readonly strategyIds?: readonly string[]
    }
  /** Make no new entries; answer `drained`. */
  | { readonly type: 'drain' }
  /** Why the gateway is about to close the session. */
  | { readonly type: 'bye'; readonly reason: string }
