import type { DesignEffect } from './clusters.js'
import { type Estimate, widened, wilson } from './estimate.js'
import type { Performance } from './tally.js'

/**
 * `edge`: the whole 95 % interval lies above break-even; `worse`: below; `no-edge`: it holds break-even;
 * `too-few`: not enough trades to say any of these.
 */
export type VerdictCode = 'edge' | 'no-edge' | 'worse' | 'too-few'

export interface Verdict {
  readonly code: VerdictCode
  /** What was weighed against break-even: win rate or mean profit per unit staked. null without a trade. */
  readonly weighed: Estimate | null
  /** One sentence for the subscriber. */
  readonly sentence: string
}

/** Below it no interval is taken for an answer: the formulas are of large samples. */
export const fewestTrades = 30

/**
 * Whether the trades show an edge: binary options by their win rate against break-even, and, as soon as there is a spot
 * trade, all by the mean profit per unit staked against 0. The interval is widened, and the trades count as fewer, by the
 * design effect. Without any edge 2.5 % of such runs show one.
 */
export function judge(performance: Performance, effect: DesignEffect = independent): Verdict {
  const { breakEvenRate, winRate, meanReturn, wins, losses, trades } = performance
  if (trades === 0) return { code: 'too-few', weighed: null, sentence: 'no edge shown: there was no trade' }
  if (breakEvenRate !== null && winRate !== null) {
    const count = (wins + losses) / effect.winRate
    const weighed = wilson(winRate.value * count, count) ?? winRate
    const code = verdictCode(count, weighed, breakEvenRate)
    const seen = `${wins} of ${wins + losses} decided trades won, ${intervalText(winRate)}${together(weighed, effect.winRate, rateDigits)}`
    return { code, weighed, sentence: `${claims[code]}: ${seen}; break-even is ${percent(breakEvenRate)}` }
  }
  if (meanReturn === null) {
    const sentence = `${claims['too-few']}: ${trades} trades that do not differ`
    return { code: 'too-few', weighed: null, sentence }
  }
  const weighed = widened(meanReturn, Math.sqrt(effect.meanReturn))
  const code = verdictCode(trades / effect.meanReturn, weighed, 0)
  const seen = `${trades} trades earned ${intervalText(meanReturn, returnDigits)} of their stakes${together(weighed, effect.meanReturn, returnDigits)}`
  return { code, weighed, sentence: `${claims[code]}: ${seen}; break-even is 0 %` }
}

const independent: DesignEffect = { winRate: 1, meanReturn: 1 }

function together(weighed: Estimate, effect: number, digits: number): string {
  return effect < 1.005 ? '' : `, with trades of the same moment taken together ${boundsText(weighed, digits)}`
}

const rateDigits = 2
/** A spot trade gains hundredths of a per cent. */
export const returnDigits = 4

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
export function intervalText(estimate: Estimate, digits = rateDigits): string {
  return `${percent(estimate.value, digits)} (${boundsText(estimate, digits)})`
}

function boundsText({ low, high }: Estimate, digits: number): string {
  return `${percent(low, digits).slice(0, -2)} to ${percent(high, digits)}`
}

export function percent(share: number, digits = rateDigits): string {
  return `${(100 * share).toFixed(digits)} %`
}
