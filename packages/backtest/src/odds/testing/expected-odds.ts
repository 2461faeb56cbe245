import type { Odds, OddsInput, Plan } from '../odds-input.js'

interface Reference {
  readonly configs: readonly {
    readonly name: string
    readonly kind: Plan
    readonly S0: number
    readonly s: number
    readonly p: number
    readonly m: number
    readonly N: number
    readonly stakes: readonly number[]
    readonly sum_stakes: number
    readonly results: readonly {
      readonly win_rate: number
      readonly mean_final: number
      readonly sd_final: number
      readonly p_profit: number
      readonly p_ruin: number
      readonly exp_trades: number
      readonly exp_gales: number
      readonly exp_busts: number
      readonly exp_turnover: number
    }[]
  }[]
}

export interface ExpectedOdds {
  readonly name: string
  readonly input: OddsInput & { readonly stake: number }
  readonly odds: Odds
  /** By level, and what a bust costs. */
  readonly stakes: readonly number[]
  readonly sumOfStakes: number
}

/** The configurations of the reference file at each of their win rates, in our words. Values have six decimals or more. */
export function expectedOdds(json: string): ExpectedOdds[] {
  const { configs } = JSON.parse(json) as Reference
  return configs.flatMap((config) =>
    config.results.map((result) => ({
      name: `${config.name} at ${result.win_rate}`,
      input: {
        plan: config.kind,
        ladder: 'single',
        capital: config.S0,
        stake: config.s,
        payout: config.p,
        winRate: result.win_rate,
        tieRate: 0,
        maxGales: config.m,
        cycles: config.N,
        rounding: 'none',
        seed: 2026,
        scenarios: 10_000,
      },
      odds: {
        mean: result.mean_final,
        sd: result.sd_final,
        pProfit: result.p_profit,
        pRuin: result.p_ruin,
        meanTrades: result.exp_trades,
        meanGales: result.exp_gales,
        meanBusts: result.exp_busts,
        meanTurnover: result.exp_turnover,
      },
      stakes: config.stakes,
      sumOfStakes: config.sum_stakes,
    })),
  )
}
