/** Durations in ms and the like, in one place; tests make them short or long. */
export interface Timing {
  /** Longest wait of a recording for bots and brokers before its next minute. */
  readonly lockStepMs: number
  /** How long it waits for a bot whose session dropped. */
  readonly returnWithinMs: number
  /** Limit of one broker call. */
  readonly brokerTimeoutMs: number
  /** How often everything is looked at in case a bell was lost. */
  readonly sweepMs: number
  readonly heartbeatsMs: number
  /** Age at which a wall feed's candle is no occasion to enter any more. */
  readonly staleAfterMs: number
  /** How long one attempt to settle a run waits for its broker. */
  readonly settlePatienceMs: number
  readonly intentsPerMinute: number
  /** Symbols a wall feed brings whether or not a bot wants them, where it has them. */
  readonly alwaysFollowed: readonly string[]
}

export const defaultTiming: Timing = {
  lockStepMs: 1_000,
  returnWithinMs: 1_000,
  brokerTimeoutMs: 5_000,
  sweepMs: 10_000,
  heartbeatsMs: 1_000,
  staleAfterMs: 10_000,
  settlePatienceMs: 2_000,
  intentsPerMinute: 1_200,
  alwaysFollowed: ['BTCUSDT', 'ETHUSDT'],
}
