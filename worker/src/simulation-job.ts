import { isDeepStrictEqual } from 'node:util'
import {
  assertOdds,
  exactOdds,
  type MonteCarlo,
  measuredRateVerdict,
  type Odds,
  type OddsInput,
  type OddsPreset,
  oddsPresets,
  simulate,
} from '@sath/backtest'
import type { SimulationJob } from '@sath/contracts'
import { AppError } from '@sath/core'
import type { JobDeps } from './backtest-job.js'
import { type Stage, stagesOf } from './stages.js'
import { measureWinRate, type WinRate } from './win-rate.js'

export interface SimulationReport {
  readonly input: OddsInput
  readonly winRate: WinRate
  /** What this does and does not prove, in words. */
  readonly sentence: string
  readonly monteCarlo: MonteCarlo
  readonly exact?: Odds
  /** Why there are no exact odds though they were asked for. */
  readonly exactRefused?: string
  /** Of a measured win rate: the same at both ends of its interval. */
  readonly low?: MonteCarlo
  readonly high?: MonteCarlo
}

/** @throws AppError plan-limit, not-available (nothing to measure the win rate on), invalid-request */
export async function runSimulation(job: SimulationJob, deps: JobDeps): Promise<SimulationReport> {
  const { origin } = job.winRate
  const stages = stagesOf(deps.onProgress, new Array((origin === 'measured' ? 4 : 1) + (job.exact ? 1 : 0)).fill(1))
  const winRate =
    origin === 'measured' ? await measureWinRate(job.winRate.backtest, { ...deps, ...stages() }) : job.winRate
  const at = (value: number): OddsInput => {
    const tieRate = winRate.origin === 'measured' ? (job.odds.tieRate ?? winRate.tieRate) : (job.odds.tieRate ?? 0)
    // What is measured is the share of the decided trades; what is simulated is that of all.
    const share = winRate.origin === 'measured' ? value * (1 - Number(tieRate)) : value
    const input: unknown = { ...job.odds, tieRate, winRate: share }
    assertOdds(input)
    return input
  }
  const input = at(winRate.value)
  return {
    input,
    winRate,
    sentence: sentenceOf(winRate, input),
    monteCarlo: simulate(input, stages()),
    ...(job.exact ? tryExact(input, stages()) : {}),
    ...(winRate.origin === 'measured'
      ? { low: simulate(at(winRate.low), stages()), high: simulate(at(winRate.high), stages()) }
      : {}),
  }
}

function tryExact(input: OddsInput, hooks: Stage): Pick<SimulationReport, 'exact' | 'exactRefused'> {
  try {
    return { exact: exactOdds(input, hooks) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return {
      exactRefused: [error.message, ...error.errors.map(({ path, message }) => `${path} ${message}`)].join('; '),
    }
  }
}

function sentenceOf(winRate: WinRate, input: OddsInput): string {
  const { payout } = input
  const percent = (rate: number) => `${(100 * rate).toFixed(2)} %`
  const breakEven = `Without gales ${percent(1 / (1 + payout))} is needed to break even, and no plan of stakes changes that.`
  if (winRate.origin === 'preset') {
    const preset = oddsPresets.find(({ id }) => id === winRate.preset)
    const named = `The win rate of ${percent(winRate.value)} is that of the preset "${preset?.name ?? winRate.preset}"`
    // What the preset says of itself holds for it as it is.
    return preset && isAsShipped(preset, input)
      ? `${named}. ${preset.summary} ${breakEven}`
      : `${named}; it was put in, not measured on your market. ${breakEven}`
  }
  if (winRate.origin === 'given')
    return `The win rate of ${percent(winRate.value)} was put in, not measured. ${breakEven}`
  const { value, low, high, trades, strategy, symbol } = winRate
  return `The win rate of ${percent(value)} (${percent(low)} to ${percent(high)} at 95 %) was measured: ${strategy} on ${symbol}, ${trades} decided trades. ${measuredRateVerdict(winRate, payout)}`
}

/** Whether only chance differs: how many scenarios are drawn, and with which seed. */
function isAsShipped(preset: OddsPreset, input: OddsInput): boolean {
  const without = ({ seed: _seed, scenarios: _scenarios, ...rest }: OddsInput) => rest
  return isDeepStrictEqual(without(preset.input), without(input))
}
