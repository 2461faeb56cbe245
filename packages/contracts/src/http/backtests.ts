import { timeframes } from '@sath/core'
import { z } from 'zod'
import { BotConfig, Martingale, StrategyConfig } from '../bot-config.js'
import { BacktestReport } from './backtest-report.js'
import { Id } from './common.js'
import { BodyTime, decimalFrom, jobFields, numberFrom, Source, StrategyParams, SymbolName } from './jobs.js'

/** Values of one parameter to try: a range in steps, or a list. */
const ParamRange = z.union(
  [
    z.strictObject({ from: z.number(), to: z.number(), step: z.number().positive().optional() }),
    z
      .array(z.union([z.number(), z.string().max(100)]))
      .min(1)
      .max(50),
  ],
  { error: 'must be {from, to, step} or a list of values' },
)

/** Tries other parameters of the (one) strategy, walking forward: chosen on a training window, judged on the one after it. */
export const Optimise = z.strictObject({
  /** Whose parameters are searched, of a configuration with several strategies; the others do not run. */
  strategyId: Id.optional(),
  search: z.enum(['grid', 'random']).default('grid'),
  /** Parameter name → what to try. */
  ranges: z
    .record(z.string().max(40), ParamRange)
    .refine((ranges) => Object.keys(ranges).length >= 1, 'must name a parameter')
    .refine((ranges) => Object.keys(ranges).length <= 6, 'has at most 6 parameters'),
  /** Most variants tried in each window. */
  variants: z.int().min(1).max(500).default(100),
  /** Walk-forward windows. */
  windows: z.int().min(1).max(12).default(4),
  /** Share of each window to train on; the rest tests. 1 = 100 %. */
  trainShare: numberFrom(0.5, 0.9).default(0.7),
  /** By what a variant is chosen: mean profit per unit staked, share of wins, or profit in money. */
  score: z.enum(['mean-return', 'win-rate', 'profit']).default('mean-return'),
  /** Wins and losses in training below which a variant is not chosen. */
  minTrades: z.int().min(1).max(100_000).default(30),
  /** Of a random search; absent: Sath chooses and says it in the report. */
  seed: z.int().min(0).max(0xffff_ffff).optional(),
})

/**
 * What to test: `config`, or one `strategy` on `symbol` or `symbols`, or (neither) the saved configuration of the bot. The
 * window ends with the newest stored candle and is as long as the plan allows unless `from` and `to` say otherwise.
 */
export const BacktestBody = z
  .strictObject({
    config: BotConfig.optional(),
    strategy: z.string().min(1).max(40).optional(),
    params: StrategyParams.optional(),
    symbol: SymbolName.optional(),
    symbols: z.array(SymbolName).min(1).max(20).optional(),
    timeframe: z.enum(timeframes).optional(),
    confirmTimeframe: z.enum(timeframes).optional(),
    instrument: z.enum(['binary', 'spot']).optional(),
    expiryCandles: z.int().min(1).max(100).optional(),
    stake: decimalFrom(0.01, 1e9).optional(),
    capital: decimalFrom(0.01, 1e12).optional(),
    martingale: Martingale.partial().optional(),
    risk: StrategyConfig.shape.risk.optional(),
    /** Of series that name none; absent: the installation's own. */
    source: Source.optional(),
    /** Open time of the first candle; inclusive. */
    from: BodyTime.optional(),
    /** Exclusive. */
    to: BodyTime.optional(),
    /** Profit of a won binary option per unit staked. */
    payout: decimalFrom(0.01, 10).default('0.85'),
    /** As a fraction of the price; half of it is paid on each side. */
    spread: decimalFrom(0, 0.1).default('0'),
    optimise: Optimise.optional(),
  })
  .meta({
    examples: [
      {
        strategy: 'rsi-reversal',
        params: {},
        symbol: 'BTCUSDT',
        source: 'binance',
        timeframe: 'M5',
        expiryCandles: 1,
        stake: '1.00',
        capital: '100.00',
        martingale: { plan: 'classic', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
        from: '2024-12-01T00:00:00Z',
        to: '2024-12-03T00:00:00Z',
        payout: '0.85',
        spread: '0',
        optimise: { search: 'grid', ranges: { period: { from: 10, to: 14, step: 2 } }, variants: 3, windows: 2 },
      },
    ],
  })
export type BacktestBody = z.infer<typeof BacktestBody>

export const Backtest = z
  .object({
    ...jobFields,
    /** What was asked for, with everything that was filled in. */
    request: z.record(z.string(), z.unknown()),
    report: BacktestReport.nullable(),
  })
  .meta({ id: 'Backtest' })
