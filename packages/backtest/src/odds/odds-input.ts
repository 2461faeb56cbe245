/**
 * How stakes grow within a cycle (a base stake and, after each loss, its gales); s = base stake, p = payout, C = what the
 * cycle lost so far:
 *
 * - FLAT: s at every level;
 * - X2: s × 2^level;
 * - BE (break-even): C / p, so that a win above level 0 ends the cycle at nothing lost;
 * - TP (target): C / p + s, so that a win at any level earns p × s.
 */
export const plans = ['FLAT', 'X2', 'BE', 'TP'] as const
export type Plan = (typeof plans)[number]

/** One ladder for all signals, or one for CALL and one for PUT. See scenario.ts for what the latter means. */
export const ladders = ['single', 'dual'] as const

/** Stakes as computed, or in whole cents: to the nearest, but the gales of BE and TP up, so that a win keeps its promise. */
export const roundings = ['none', 'cents'] as const

/** A stake plan and the market it is played on. Money is in one currency; checkOdds has the ranges. */
export interface OddsInput {
  readonly plan: Plan
  readonly ladder: (typeof ladders)[number]
  /** Balance before the first trade. */
  readonly capital: number
  /** Of level 0: an amount, or a fraction of the balance as each cycle begins. */
  readonly stake: number | { readonly fraction: number }
  /** Profit of a win per unit staked, 0.85 = 85 %. */
  readonly payout: number
  /** Probabilities of a trade, 1 = 100 %. A tie is refunded; the rest are losses. */
  readonly winRate: number
  readonly tieRate: number
  /** Highest level that is staked, 0 = no gale. A loss there is a bust. */
  readonly maxGales: number
  /** How long a scenario is: exactly one of both. A cycle left open when the trades end keeps its losses. */
  readonly cycles?: number
  readonly trades?: number
  /** Balances at or below and at or above which a scenario ends, looked at after each trade. */
  readonly stopLoss?: number
  readonly takeProfit?: number
  readonly rounding: (typeof roundings)[number]
  /** Every stake is brought between these two; a win of a stake cut down may end below what its plan promises. */
  readonly minStake?: number
  readonly maxStake?: number
  /** The same seed gives the same answer, to the last bit. */
  readonly seed: number
  readonly scenarios: number
}

/** What to expect of a scenario. */
export interface Odds {
  /** Of the final balance, with its standard deviation. */
  readonly mean: number
  readonly sd: number
  /** P(final balance > capital). */
  readonly pProfit: number
  /** P(final balance < base stake): no cycle can begin any more, which also ends a scenario early. */
  readonly pRuin: number
  /** Of the trades made, ties among them; of those above level 0; of cycles lost; of the money staked, ties among it. */
  readonly meanTrades: number
  readonly meanGales: number
  readonly meanBusts: number
  readonly meanTurnover: number
}

/** Odds of scenarios drawn at random. Percentiles are interpolated between neighbours. */
export interface MonteCarlo extends Odds {
  readonly scenarios: number
  readonly seed: number
  /** Of the mean: sd / √scenarios. */
  readonly standardError: number
  readonly median: number
  readonly p5: number
  readonly p95: number
  /** Largest fall of the balance below its highest so far, looked at after each trade. */
  readonly maxDrawdown: { readonly mean: number; readonly p95: number }
  /** The scenario with the lowest final balance; the first of several. */
  readonly worst: {
    readonly scenario: number
    readonly final: number
    readonly maxDrawdown: number
    readonly trades: number
    readonly busts: number
  }
  /** Scenarios by final balance, in bins of equal width from `from` to `to`. One bin where all are equal. */
  readonly histogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] }
  /**
   * Wald's identity: whatever the plan, mean = capital + edge × meanTurnover, where edge is the expected profit per unit
   * staked. `mean` is that right side, `standardError` that of the difference, which stays within 4 of it.
   */
  readonly identity: { readonly edge: number; readonly mean: number; readonly standardError: number }
}
