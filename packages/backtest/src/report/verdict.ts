import type { Estimate } from './estimate.js'
import type { Performance } from './tally.js'

/**
 * `edge`: the whole 95 % interval lies above break-even; `worse`: below; `no-edge`: it holds break-even;
 * `too-few`: not enough trades to say any of these.
 */
export type VerdictCode = 'edge' | 'no-edge' | 'worse' | 'too-few'

export interface Verdict {
  readonly code: VerdictCode
  /** One sentence for the subscriber. */
  readonly sentence: string
}

/** Below it no interval is taken for an answer: the formulas are of large samples. */
export const fewestTrades = 30

/**
 * Whether the trades show an edge: binary options by their win rate against break-even, and, as soon as there is a spot
 * trade, all by the mean profit per unit staked against 0. Without any edge 2.5 % of such runs show one, and more where
 * trades depend on each other, as those of several strategies on the same candles do.
 */
export function judge(performance: Performance): Verdict {
  const { breakEvenRate, winRate, meanReturn, wins, losses, trades } = performance
  if (trades === 0) return { code: 'too-few', sentence: 'no edge shown: there was no trade' }
  if (breakEvenRate !== null && winRate !== null) {
    const code = verdictCode(wins + losses, winRate, breakEvenRate)
    const seen = `${wins} of ${wins + losses} decided trades won, ${intervalText(winRate)}; break-even is ${percent(breakEvenRate)}`
    return { code, sentence: `${claims[code]}: ${seen}` }
  }
  if (meanReturn === null) return { code: 'too-few', sentence: `${claims['too-few']}: ${trades} without spread` }
  const code = verdictCode(trades, meanReturn, 0)
  const seen = `${trades} trades earned ${intervalText(meanReturn)} of their stakes; break-even is 0 %`
  return { code, sentence: `${claims[code]}: ${seen}` }
}

const claims: Readonly<Record<VerdictCode, string>> = {
  edge: 'edge shown at 95 %',
  'no-edge': 'no edge shown',
  worse: 'no edge shown, and worse than break-even at 95 %',
  'too-few': 'no edge shown, too few trades to tell',
}

function verdictCode(trades: number, { low, high }: Estimate, breakEven: number): VerdictCode {
  if (trades < fewestTrades) return 'too-few'
  if (low > breakEven) return 'edge'
  return high < breakEven ? 'worse' : 'no-edge'
}

/** "51.17 % (49.07 to 53.27 %)" */
export function intervalText({ value, low, high }: Estimate): string {
  return `${percent(value)} (${(100 * low).toFixed(2)} to ${percent(high)})`
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
