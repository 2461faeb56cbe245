import type { BacktestJob, SimulationJob } from '@sath/contracts'
import { AppError } from '@sath/core'
import { type JobDeps, runBacktest } from './backtest-job.js'

/** Wins over wins and losses of a back-test, with Wilson's 95 % interval. */
export interface MeasuredWinRate {
  readonly origin: 'measured'
  readonly value: number
  readonly low: number
  readonly high: number
  /** Ties over all trades. */
  readonly tieRate: number
  /** Wins and losses. */
  readonly trades: number
  readonly strategy: string
  readonly symbol: string
  /** Market time of the first and last bar, epoch ms. */
  readonly from: number | null
  readonly to: number | null
}

/** Put in by the caller or a preset, or measured. */
export type WinRate = Exclude<SimulationJob['winRate'], { origin: 'measured' }> | MeasuredWinRate

/** @throws AppError not-available when no trade was decided */
export async function measureWinRate(job: BacktestJob, deps: JobDeps): Promise<MeasuredWinRate> {
  const { winRate, wins, losses, ties, trades, from, to } = await runBacktest(job, deps)
  const [strategy] = job.config.strategies
  const names = { strategy: strategy?.strategy ?? '', symbol: strategy?.symbols.join(', ') ?? '' }
  if (winRate === null)
    throw new AppError('not-available', `No trade was decided: ${names.strategy} on ${names.symbol} has no win rate.`)
  return { origin: 'measured', ...winRate, tieRate: ties / trades, trades: wins + losses, ...names, from, to }
}
