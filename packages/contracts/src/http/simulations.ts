import { timeframes } from '@sath/core'
import { z } from 'zod'
import { listOf } from './common.js'
import { BodyTime, jobFields, numberFrom, Source, StrategyParams, SymbolName } from './jobs.js'
import { SimulationReport } from './simulation-report.js'

/** Bounds are those of the simulator, so that what is told of a field the first time holds the second time, too. */
const Amount = numberFrom(0.01, 1e9)

/** A fixed stake, or a fraction of the balance. */
const Stake = z.union([Amount, z.strictObject({ fraction: numberFrom(0.0001, 1) })], {
  error: 'must be an amount, or {fraction} of the balance',
})

/**
 * A martingale by Monte Carlo and, with `exact`, by dynamic programming. What is left out comes from the preset, if one is
 * named. The win rate is put in (`winRate`), or measured by a back-test of `strategy` on
 * `symbol`, and then the ties are, too, without a `tieRate`; the answer says which.
 */
export const SimulationBody = z
  .strictObject({
    preset: z.string().min(1).max(60).optional(),
    plan: z.enum(['FLAT', 'X2', 'BE', 'TP']).optional(),
    ladder: z.enum(['single', 'dual']).optional(),
    capital: Amount.optional(),
    stake: Stake.optional(),
    /** Profit of a win per unit staked. */
    payout: numberFrom(0.01, 10).optional(),
    winRate: numberFrom(0, 1).optional(),
    tieRate: numberFrom(0, 0.9).optional(),
    /** Levels above the base stake. */
    gales: z.int().min(0).max(20).optional(),
    /** How long a scenario is: in cycles (a stake and its gales) or in trades. */
    cycles: z.int().min(1).max(100_000).optional(),
    trades: z.int().min(1).max(100_000).optional(),
    /** Balances at which a scenario ends. */
    stopLoss: numberFrom(0, 1e9).optional(),
    takeProfit: numberFrom(0.01, 1e12).optional(),
    rounding: z.enum(['none', 'cents']).optional(),
    minStake: Amount.optional(),
    maxStake: Amount.optional(),
    scenarios: z.int().min(1).max(100_000).optional(),
    /** The same seed gives the same answer; absent: Sath chooses and says it in the report. */
    seed: z.int().min(0).max(0xffff_ffff).optional(),
    exact: z.boolean().optional(),
    strategy: z.string().min(1).max(40).optional(),
    params: StrategyParams.optional(),
    symbol: SymbolName.optional(),
    source: Source.optional(),
    timeframe: z.enum(timeframes).optional(),
    from: BodyTime.optional(),
    to: BodyTime.optional(),
  })
  .meta({
    examples: [
      {
        plan: 'BE',
        ladder: 'single',
        capital: 3500,
        stake: 20,
        payout: 0.8,
        tieRate: 0,
        gales: 6,
        cycles: 60,
        rounding: 'none',
        scenarios: 100,
        seed: 1,
        exact: true,
        strategy: 'rsi-reversal',
        params: {},
        symbol: 'BTCUSDT',
        source: 'binance',
        timeframe: 'M5',
        from: '2024-12-01T00:00:00Z',
        to: '2024-12-03T00:00:00Z',
      },
    ],
  })
export type SimulationBody = z.infer<typeof SimulationBody>

export const Simulation = z
  .object({
    ...jobFields,
    /** What was asked for, with everything that was filled in. */
    request: z.record(z.string(), z.unknown()),
    report: SimulationReport.nullable(),
  })
  .meta({ id: 'Simulation' })

/** A setting of the simulator to begin with; `summary` says in words what it does not prove. */
export const SimulationPresets = listOf(
  z.object({ id: z.string(), name: z.string(), summary: z.string(), input: z.record(z.string(), z.unknown()) }),
)
