import type { Decimal, Direction, Instrument, TradeStatus } from '@sath/core'
import type { Decided } from '@sath/engine'

/** One trade of a back-test. Times are market time, epoch ms. */
export interface BacktestTrade {
  /** Counts up from "1" in order of decision. */
  readonly tradeId: string
  readonly strategyId: string
  readonly symbol: string
  readonly direction: Direction
  readonly instrument: Instrument
  /** The ladder level its order carried. */
  readonly level: number
  readonly stake: Decimal
  /** Profit of a win per unit staked; "0" on spot. */
  readonly payout: Decimal
  /** Gain or loss; "0" while open, on a tie and when cancelled. */
  readonly profit: Decimal
  readonly status: Extract<TradeStatus, 'open' | 'win' | 'loss' | 'tie' | 'cancelled'>
  /** Open time of the signal bar. */
  readonly signalTime: number
  /** null: cancelled before it entered. */
  readonly openedAt: number | null
  readonly closedAt: number | null
  readonly entryPrice: number | null
  /** null while open and when cancelled. */
  readonly exitPrice: number | null
}

/** What a run tells, in market order. All of it is called while `push` or `finish` runs. */
export interface BacktestObserver {
  /** One decision: exactly one per strategy, symbol and closed candle of its series. */
  decided?(decided: Decided): void
  /** It has entered; its price is known. */
  opened?(trade: BacktestTrade): void
  /** Its end: win, loss, tie or cancelled, whether or not it ever entered. */
  closed?(trade: BacktestTrade): void
  /** Everything that happened up to this market time has been told. */
  bar?(time: number): void
}
