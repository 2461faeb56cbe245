import { bucketStart, type Candle, type SeriesKey, type Timeframe, timeframeMs } from '@sath/core'
import { type PaperMarket, paperMarket, walk } from '@sath/testkit'
import { type Bot, type BotStart, createBot, type DecisionRecord, decisionRecord, onCandle, onTrade } from '../index.js'
import { botConfig, strategyConfig, strategyId } from './configs.js'

export interface Step {
  readonly key: SeriesKey
  readonly candle: Candle
}

/** A bot that signals often: a one-candle average against a three-candle one, with two gales. */
export function busyStart(changes: Partial<BotStart> = {}): BotStart {
  return {
    tenantId: '7d6b2f0c-50d9-4f0e-8f1e-0d8d8c1a2b3c',
    configVersion: 1,
    config: botConfig({ strategies: [busyStrategy()] }),
    defaultSource: 'synthetic',
    payouts: { BTCUSDT: '0.85', ETHUSDT: '0.85' },
    resume: [],
    trades: [],
    ...changes,
  }
}

export function busyStrategy(changes: Parameters<typeof strategyConfig>[0] = {}) {
  return strategyConfig({ id: strategyId, params: { fast: 1, slow: 3 }, ...changes })
}

/** M5 bars of each symbol, with the M15 bars they make, in market order: at one close, longer timeframes first. */
export function marketSteps(count: number, seed: number, symbols: readonly string[] = ['BTCUSDT']): Step[] {
  const steps = symbols.flatMap((symbol, index) => {
    const m5 = walk(count, { seed: seed + index, timeframe: 'M5', from: 1_000 })
    const stepsOf = (timeframe: Timeframe, candles: Candle[]) =>
      candles.map((candle) => ({ key: { source: 'synthetic', symbol, timeframe }, candle }))
    return [...stepsOf('M15', toM15(m5)), ...stepsOf('M5', m5)]
  })
  const closeOf = ({ key, candle }: Step) => candle.time + timeframeMs(key.timeframe)
  return steps.sort((a, b) => closeOf(a) - closeOf(b) || timeframeMs(b.key.timeframe) - timeframeMs(a.key.timeframe))
}

/** Whole bars of M15. */
function toM15(m5: readonly Candle[]): Candle[] {
  return m5.flatMap((first, index) => {
    const bars = m5.slice(index, index + 3)
    const last = bars[2]
    if (!last || bucketStart(first.time, 'M15') !== first.time) return []
    const high = Math.max(...bars.map((bar) => bar.high))
    const low = Math.min(...bars.map((bar) => bar.low))
    return [{ ...first, high, low, close: last.close, volume: bars.reduce((sum, bar) => sum + bar.volume, 0) }]
  })
}

export interface Played {
  readonly bot: Bot
  readonly decided: readonly DecisionRecord[]
  readonly market: PaperMarket
}

export interface PlayOptions {
  /** Whether the bot is killed before this step, and resumed from JSON: its last checkpoints and all trades. */
  readonly killBefore?: (index: number) => boolean
  readonly payout?: string
}

/** Plays the gateway: settles, tells results, sends the candle, books what the bot wants. */
export function play(
  start: BotStart,
  steps: readonly Step[],
  { killBefore = () => false, payout = '0.85' }: PlayOptions = {},
): Played {
  const market = paperMarket({ payout })
  const decided: DecisionRecord[] = []
  const checkpoints = new Map<string, { strategyId: string; symbol: string; state: unknown }>()
  let bot = createBot(start)
  for (const [index, { key, candle }] of steps.entries()) {
    if (killBefore(index)) {
      const resume = [...checkpoints.values()]
      bot = createBot(JSON.parse(JSON.stringify({ ...start, resume, trades: market.trades })))
      for (const before of steps.slice(0, index)) onCandle(bot, before.key, before.candle, 'warm-up')
    }
    if (key.timeframe === 'M5') for (const trade of market.close(key.symbol, candle)) onTrade(bot, trade)
    for (const each of onCandle(bot, key, candle, 'live')) {
      const decision = decisionRecord(bot, each)
      decided.push(decision)
      checkpoints.set(`${decision.strategyId} ${decision.symbol}`, decision)
      const { strategyId, symbol, candleTime, intent } = decision
      if (intent) {
        const { intentId: tradeId, direction, level, stake } = intent
        onTrade(bot, market.enter({ tradeId, strategyId, symbol, direction, level, stake, candleTime }))
      }
    }
  }
  return { bot, decided, market }
}
