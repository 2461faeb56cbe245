import type { GatewayMessage, TradeResult } from '@sath/contracts'
import type { BotConfig, Decimal } from '@sath/core'
import type { DecisionRange, SavedConfig, SessionRun } from '@sath/db'
import { type NeededSeries, neededSeries } from '@sath/engine'
import { type Awaited, createAwaited } from './awaited.js'
import type { CandleMessage } from './candle-plan.js'
import { type Connection, lineOf } from './connection.js'
import { createTokenBucket, type TokenBucket } from './token-bucket.js'

/** What the market, decisions and orders know of a connected bot. Run, tenant and epoch come from the run's row. */
export interface Session {
  readonly run: SessionRun
  readonly connection: Connection
  readonly awaited: Awaited
  /** It has its history and follows the market. */
  live: boolean
  /** It did not answer in time; the market goes on without it until it has caught up. */
  late: boolean
  /** Decisions taken in and not stored yet. */
  storing: number
  drainSent: boolean
  /** Monotonic ms of the last candle's end-to-end time, from sent to stored. */
  candleLagMs: number | undefined
  readonly intents: TokenBucket
  readonly beats: TokenBucket
  /** It has said hello. */
  greeted: boolean
  /** Configuration in force; undefined before the welcome. */
  config: SavedConfig | undefined
  maxStake: Decimal | undefined
  /** By version: decisions on candles already given still follow the one before. */
  readonly configs: Map<number, SavedConfig>
  /** Series of our source that it wants, by `seriesName`. */
  needed: ReadonlyMap<string, NeededSeries>
  /** Newest stored decision range, by slot. */
  readonly ranges: Map<string, DecisionRange>
  /** The last decision of each slot, stored or being stored: one after the other. */
  readonly chains: Map<string, Promise<unknown>>
  progress: number
}

export function createSession(run: SessionRun, connection: Connection, intentsPerMinute: number): Session {
  return {
    run,
    connection,
    awaited: createAwaited(),
    live: false,
    late: false,
    storing: 0,
    drainSent: false,
    candleLagMs: undefined,
    intents: createTokenBucket({ capacity: intentsPerMinute, perSecond: intentsPerMinute / 60 }),
    beats: createTokenBucket({ capacity: 20, perSecond: 2 }),
    greeted: false,
    config: undefined,
    maxStake: undefined,
    configs: new Map(),
    needed: new Map(),
    ranges: new Map(),
    chains: new Map(),
    progress: -1,
  }
}

export function seriesName({ symbol, timeframe }: { readonly symbol: string; readonly timeframe: string }): string {
  return `${symbol} ${timeframe}`
}

/** What a configuration needs of the source `ours`; series of other sources are not for us to give. */
export function ourSeries(config: BotConfig, ours: string): readonly NeededSeries[] {
  return neededSeries(config, ours).filter(({ source }) => source === ours)
}

/** Puts a configuration in force. */
export function adoptConfig(session: Session, config: SavedConfig, needed: readonly NeededSeries[]): void {
  session.config = config
  session.configs.set(config.version, config)
  for (const version of session.configs.keys()) {
    if (version < config.version - 1) session.configs.delete(version)
  }
  session.needed = new Map(needed.map((series) => [seriesName(series), series]))
}

/** Gives a candle and notes who must answer it. `line`: the message as text, where it is the same for many. */
export function giveCandle(
  session: Session,
  message: CandleMessage,
  decidedBy: readonly string[],
  line: string = lineOf(message),
): void {
  session.connection.sendLine(line)
  if (message.mode === 'warm-up') return
  for (const strategyId of decidedBy) {
    session.awaited.add({
      strategyId,
      symbol: message.key.symbol,
      timeframe: message.key.timeframe,
      candleTime: message.candle.time,
      mode: message.mode,
      configVersion: session.config?.version ?? 0,
      sentAt: performance.now(),
    })
  }
}

export function tell(session: Session, trade: TradeResult): void {
  session.connection.send({ type: 'trade', trade } satisfies GatewayMessage)
}

export function startDrain(session: Session): void {
  if (session.drainSent || !session.config) return
  session.drainSent = true
  session.connection.send({ type: 'drain' })
}
