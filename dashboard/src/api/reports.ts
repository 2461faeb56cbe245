import type { Job } from './types.js'

/** The contract leaves reports and requests of jobs open; these are the parts the pages draw. Money is text, times epoch ms. */

/** A measured value with its 95 % interval. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** What a group of trades came to; shares are 1 = 100 %. */
export interface Performance {
  readonly trades: number
  readonly wins: number
  readonly losses: number
  readonly ties: number
  readonly winRate: Estimate | null
  /** Null where wins have no fixed payout. */
  readonly breakEvenRate: number | null
  readonly profit: string
  readonly profitFactor: number | null
  readonly turnover: string
}

export interface Verdict {
  readonly code: 'edge' | 'no-edge' | 'worse' | 'too-few'
  readonly sentence: string
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** A search over parameters, walked forward: chosen in training, judged by what came after it. */
export interface SearchReport {
  readonly sentence: string
  readonly variantsTried: number
  readonly outOfSample: Performance & { readonly verdict: Verdict }
  readonly windows: readonly {
    readonly train: Span
    readonly test: Span
    readonly chosen: {
      readonly params: Readonly<Record<string, number | string>>
      readonly train: Performance
      readonly test: Performance
    } | null
  }[]
}

export interface BacktestReport extends Performance {
  readonly verdict: Verdict
  readonly capital: string
  readonly finalEquity: string
  readonly payout: string
  readonly spread: string
  readonly from: number | null
  readonly to: number | null
  /** M1 candles read. */
  readonly candles: number
  readonly sharpe: number | null
  readonly sortino: number | null
  readonly maxDrawdown: { readonly amount: string; readonly percent: number }
  readonly longestStreaks: { readonly wins: number; readonly losses: number }
  readonly exposure: { readonly timeShare: number | null; readonly maxAtStake: string }
  /** Absent in a list. */
  readonly equity?: readonly { readonly time: number; readonly equity: string }[]
  readonly byStrategy: readonly (Performance & { readonly strategyId: string; readonly name: string })[]
  readonly bySymbol: readonly (Performance & { readonly symbol: string })[]
  readonly byHour: readonly (Performance & { readonly hour: number })[]
  readonly decisions: Readonly<Record<string, number>>
  readonly decisionHash: string
  /** Of a search; the rest of the report is of the parameters as they were given. */
  readonly optimise?: SearchReport
}

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

/** What to expect of a scenario; probabilities are 1 = 100 %. */
export interface Odds {
  readonly mean: number
  readonly sd: number
  readonly pProfit: number
  readonly pRuin: number
  readonly meanTrades: number
  readonly meanGales: number
  readonly meanBusts: number
  readonly meanTurnover: number
}

export interface Histogram {
  readonly from: number
  readonly to: number
  readonly counts: readonly number[]
}

export interface MonteCarlo extends Odds {
  readonly scenarios: number
  readonly seed: number
  readonly standardError: number
  readonly median: number
  readonly p5: number
  readonly p95: number
  readonly maxDrawdown: { readonly mean: number; readonly p95: number }
  readonly worst: { readonly final: number; readonly maxDrawdown: number }
  /** Absent in a list. */
  readonly histogram?: Histogram
}

export type WinRate =
  | { readonly origin: 'given' | 'preset'; readonly value: number }
  | (Estimate & {
      readonly origin: 'measured'
      readonly trades: number
      readonly strategy: string
      readonly symbol: string
    })

export interface SimulationReport {
  readonly input: {
    readonly plan: string
    readonly ladder: string
    readonly capital: number
    readonly payout: number
    readonly maxGales: number
    readonly winRate: number
  }
  readonly winRate: WinRate
  readonly sentence: string
  readonly monteCarlo: MonteCarlo
  readonly exact?: Odds
  readonly exactRefused?: string
  /** Of a measured win rate: the same at both ends of its interval. */
  readonly low?: MonteCarlo
  readonly high?: MonteCarlo
}

export interface SimulationRequest {
  readonly odds: { readonly plan?: string; readonly ladder?: string; readonly maxGales?: number }
  readonly winRate: { readonly origin: WinRate['origin']; readonly value?: number }
}

export interface Simulation extends Job {
  readonly request: SimulationRequest
  readonly report: SimulationReport | null
}
