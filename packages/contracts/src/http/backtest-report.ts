import { z } from 'zod'
import { Amount } from './common.js'

/**
 * What a back-test came to. Money is decimal text, times are market time in epoch ms, shares are 1 = 100 %. Reports are
 * answered as they were stored: a field that is added here later must be optional.
 */

/** A measured value with its interval, of 95 % unless said otherwise. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })

const performance = {
  /** Wins, losses and ties; what was cancelled never counted. */
  trades: z.int(),
  wins: z.int(),
  losses: z.int(),
  ties: z.int(),
  cancelled: z.int(),
  winRate: Estimate.nullable().meta({
    description: 'Wins ÷ (wins + losses), with the 95 % interval of Wilson; null without either.',
  }),
  breakEvenRate: z.number().nullable().meta({
    description:
      'Win rate at which flat stakes neither gain nor lose; null with spot trades, where a win pays no fixed part.',
  }),
  meanReturn: Estimate.nullable().meta({ description: 'Profit per unit staked.' }),
  profit: Amount,
  profitFactor: z.number().nullable().meta({ description: 'Gains ÷ losses; null without a loss.' }),
  turnover: Amount.meta({ description: 'Sum of the stakes.' }),
}

/** What a group of trades came to. */
export const GroupPerformance = z.object(performance)

const Verdict = z.object({
  code: z.enum(['edge', 'no-edge', 'worse', 'too-few']),
  weighed: Estimate.nullable().meta({ description: 'What was held against break-even; null without a trade.' }),
  sentence: z.string(),
})

const Span = z.object({ from: z.int(), to: z.int().meta({ description: 'Exclusive.' }) })
const Params = z.record(z.string(), z.union([z.number(), z.string()]))

const Window = z.object({
  train: Span,
  test: Span,
  eligible: z.int().meta({ description: 'Variants with enough trades in training.' }),
  luckyWinRate: z
    .number()
    .nullable()
    .meta({ description: 'What the best of them would win in training by luck alone.' }),
  chosen: z
    .object({ params: Params, train: GroupPerformance, test: GroupPerformance })
    .nullable()
    .meta({ description: 'Null: no variant had enough trades.' }),
})

/** A search over parameters, walked forward: chosen in training, judged by what came after it. */
const Search = z.object({
  strategyId: z.string(),
  strategy: z.string(),
  search: z.enum(['grid', 'random']),
  seed: z.int(),
  score: z.enum(['mean-return', 'win-rate', 'profit']),
  minTrades: z.int(),
  sentence: z.string(),
  variantsTried: z.int(),
  variantsRefused: z.int(),
  windows: z.array(Window),
  inTraining: GroupPerformance,
  outOfSample: z.object({ ...performance, verdict: Verdict }),
  best: z
    .object({
      params: Params,
      performance: GroupPerformance,
      adjusted: Estimate.nullable().meta({ description: 'Its interval widened for the number of variants tried.' }),
      confidence: z.number(),
    })
    .nullable()
    .meta({ description: 'Over everything, chosen with the knowledge of all of it.' }),
})

export const BacktestReport = z
  .object({
    verdict: Verdict,
    ...performance,
    capital: Amount,
    finalEquity: Amount,
    payout: Amount,
    spread: Amount,
    from: z.int().nullable().meta({ description: 'The first closed bar; null without one.' }),
    to: z.int().nullable(),
    bars: z.int(),
    sharpe: z.number().nullable().meta({ description: 'Yearly, of daily returns.' }),
    sortino: z.number().nullable(),
    maxDrawdown: z.object({
      amount: Amount,
      percent: z.number().meta({ description: 'Of the highest equity before it, 100 = all of it.' }),
      from: z.int().nullable(),
      to: z.int().nullable(),
    }),
    longestStreaks: z.object({ wins: z.int(), losses: z.int() }),
    exposure: z.object({
      timeShare: z.number().nullable().meta({ description: 'Share of the time with a trade open.' }),
      maxAtStake: Amount,
    }),
    equity: z
      .array(z.object({ time: z.int(), equity: Amount }))
      .optional()
      .meta({ description: 'At most 500 points, oldest first. Absent in a list.' }),
    byStrategy: z.array(z.object({ strategyId: z.string(), name: z.string(), ...performance })),
    bySymbol: z.array(z.object({ symbol: z.string(), ...performance })),
    byHour: z
      .array(z.object({ hour: z.int(), ...performance }))
      .meta({ description: 'By the hour of entry, UTC; only hours with trades.' }),
    decisions: z.record(z.string(), z.int()).meta({ description: 'How many candles ended how, by outcome.' }),
    decisionHash: z.string().meta({ description: 'SHA-256 of all decisions: equal ones have equal hashes.' }),
    series: z
      .array(z.object({ source: z.string(), symbol: z.string() }))
      .meta({ description: 'Whose stored minutes were read.' }),
    candles: z.int().meta({ description: 'How many minutes these were.' }),
    optimise: Search.optional().meta({
      description: 'Of a search; the rest of the report is of the parameters as they were given.',
    }),
  })
  .meta({ id: 'BacktestReport' })
