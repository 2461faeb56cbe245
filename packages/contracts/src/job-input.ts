import { type BotConfig as Config, isDecimal } from '@sath/core'
import { z } from 'zod'
import { BotConfig } from './bot-config.js'
import { Optimise } from './http/backtests.js'

/** What the API leaves in the rows of jobs for the worker; read anew, because an older API may have written it. */

const Decimal = z.string().refine(isDecimal)
const Instant = z.iso.datetime()

export const BacktestJob = z.object({
  config: BotConfig as z.ZodType<Config>,
  /** Of strategies that name none; null: none was known. */
  defaultSource: z.string().nullable(),
  payout: Decimal,
  spread: Decimal,
  /** Most that one trade may stake; null: no limit. */
  maxStake: Decimal.nullable(),
  /** Open time of the first candle; null: as far back as the plan allows. */
  from: Instant.nullable(),
  /** Exclusive; null: to the newest candle. */
  to: Instant.nullable(),
  optimise: Optimise.nullable(),
})
export type BacktestJob = z.infer<typeof BacktestJob>

export const SimulationJob = z.object({
  /** Input of the simulator but for the win rate. */
  odds: z.record(z.string(), z.unknown()),
  exact: z.boolean(),
  /** Where the win rate is from: the caller, a preset, or a back-test that is still to be run. */
  winRate: z.discriminatedUnion('origin', [
    z.object({ origin: z.literal('given'), value: z.number() }),
    z.object({ origin: z.literal('preset'), value: z.number(), preset: z.string() }),
    z.object({ origin: z.literal('measured'), backtest: BacktestJob }),
  ]),
})
export type SimulationJob = z.infer<typeof SimulationJob>
