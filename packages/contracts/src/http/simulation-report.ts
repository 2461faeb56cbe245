import { z } from 'zod'
import { Estimate } from './backtest-report.js'

/** What a simulation came to: amounts are numbers, probabilities 1 = 100 %. A field that is added later must be optional. */

const odds = {
  mean: z.number().meta({ description: 'Of the final balance.' }),
  sd: z.number(),
  pProfit: z.number().meta({ description: 'P(final balance > capital).' }),
  pRuin: z.number().meta({ description: 'P(final balance < base stake).' }),
  meanTrades: z.number(),
  meanGales: z.number(),
  meanBusts: z.number(),
  meanTurnover: z.number(),
}

const Odds = z.object(odds)

const MonteCarlo = z.object({
  ...odds,
  scenarios: z.int(),
  seed: z.int(),
  standardError: z.number().meta({ description: 'Of the mean.' }),
  median: z.number(),
  p5: z.number(),
  p95: z.number(),
  maxDrawdown: z.object({ mean: z.number(), p95: z.number() }),
  worst: z.object({
    scenario: z.int(),
    final: z.number(),
    maxDrawdown: z.number(),
    trades: z.int(),
    busts: z.int(),
  }),
  histogram: z
    .object({ from: z.number(), to: z.number(), counts: z.array(z.int()) })
    .optional()
    .meta({ description: 'Scenarios by final balance, in bins of equal width. Absent in a list.' }),
  identity: z
    .object({ edge: z.number(), mean: z.number(), standardError: z.number() })
    .meta({ description: 'Whatever the plan: mean = capital + edge × turnover.' }),
})

/** Where the win rate is from. */
const WinRate = z.discriminatedUnion('origin', [
  z.object({ origin: z.literal('given'), value: z.number() }),
  z.object({ origin: z.literal('preset'), value: z.number(), preset: z.string() }),
  Estimate.extend({
    origin: z.literal('measured'),
    tieRate: z.number(),
    trades: z.int().meta({ description: 'Wins and losses.' }),
    strategy: z.string(),
    symbol: z.string(),
    from: z.int().nullable(),
    to: z.int().nullable(),
  }),
])

export const SimulationReport = z
  .object({
    input: z.object({
      plan: z.enum(['FLAT', 'X2', 'BE', 'TP']),
      ladder: z.enum(['single', 'dual']),
      capital: z.number(),
      stake: z.union([z.number(), z.object({ fraction: z.number() })]),
      payout: z.number(),
      winRate: z.number(),
      tieRate: z.number(),
      maxGales: z.int(),
      cycles: z.int().optional(),
      trades: z.int().optional(),
      stopLoss: z.number().optional(),
      takeProfit: z.number().optional(),
      rounding: z.enum(['none', 'cents']),
      minStake: z.number().optional(),
      maxStake: z.number().optional(),
      seed: z.int(),
      scenarios: z.int(),
    }),
    winRate: WinRate,
    sentence: z.string().meta({ description: 'What this does and does not prove.' }),
    monteCarlo: MonteCarlo,
    exact: Odds.optional(),
    exactRefused: z
      .string()
      .optional()
      .meta({ description: 'Why there are no exact odds though they were asked for.' }),
    low: MonteCarlo.optional().meta({ description: 'At the lower end of the interval of a measured win rate.' }),
    high: MonteCarlo.optional(),
  })
  .meta({ id: 'SimulationReport' })
