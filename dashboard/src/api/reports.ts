import type { http } from '@sath/contracts'
import type { Job } from './types.js'

/** Reports of jobs as the contract says them, and the parts of requests, which it leaves open, that the pages draw. */

export type BacktestReport = (typeof http.BacktestReport)['_output']
/** A measured value with its 95 % interval. */
export type Estimate = (typeof http.Estimate)['_output']
export type Performance = (typeof http.GroupPerformance)['_output']
export type Verdict = BacktestReport['verdict']
export type SearchReport = NonNullable<BacktestReport['optimise']>

export interface BacktestRequest {
  readonly config: {
    readonly strategies: readonly {
      readonly name: string
      readonly enabled: boolean
      readonly symbols: readonly string[]
      readonly timeframe: string
    }[]
  }
  /** Set when parameters were searched. */
  readonly optimise: object | null
}

export interface Backtest extends Job {
  readonly request: BacktestRequest
  readonly report: BacktestReport | null
}

export type SimulationReport = (typeof http.SimulationReport)['_output']
type MonteCarlo = SimulationReport['monteCarlo']
export type Odds = NonNullable<SimulationReport['exact']>
export type Histogram = NonNullable<MonteCarlo['histogram']>
export type WinRate = SimulationReport['winRate']

export interface SimulationRequest {
  readonly odds: { readonly plan?: string; readonly ladder?: string; readonly maxGales?: number }
  readonly winRate: { readonly origin: WinRate['origin']; readonly value?: number }
}

export interface Simulation extends Job {
  readonly request: SimulationRequest
  readonly report: SimulationReport | null
}
