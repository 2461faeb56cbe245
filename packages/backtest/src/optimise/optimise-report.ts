import type { Params } from '@sath/strategies'
import { designEffect } from '../report/clusters.js'
import { type Estimate, meanEstimate, widened, wilson } from '../report/estimate.js'
import { type Performance, performanceOf } from '../report/tally.js'
import { intervalText, percent, returnDigits, type Verdict } from '../report/verdict.js'
import { sidakConfidence } from './luck.js'
import type { Score, Search } from './optimise-input.js'
import type { VariantRun } from './run-variant.js'
import type { Window } from './walk-forward.js'

export interface WindowReport extends Window {
  /** Variants with enough trades in training. */
  readonly eligible: number
  /**
   * Win rate that the best of them would show in training by luck alone, were all equally good and independent; variants are
   * alike, so it is rather too high. null without one.
   */
  readonly luckyWinRate: number | null
  /** null: no variant had enough trades, so the test was not traded. */
  readonly chosen: { readonly params: Params; readonly train: Performance; readonly test: Performance } | null
}

export interface BestVariant {
  readonly params: Params
  /** Over the whole series, chosen with the knowledge of all of it. */
  readonly performance: Performance
  /**
   * Win rate (on spot: mean profit per unit staked), its interval widened for the number of variants tried and, as a verdict's,
   * for trades that depend on each other.
   */
  readonly adjusted: Estimate | null
  /** Confidence of that interval, 1 = 100 %; see `sidakConfidence`. */
  readonly confidence: number
}

export interface Findings {
  readonly variantsTried: number
  readonly variantsRefused: number
  readonly windows: readonly WindowReport[]
  /** The chosen variants in their training, together; what a search that is not walked forward would show. */
  readonly inTraining: Performance
  /** The chosen variants in their tests, together: chosen before it, so its 95 % interval needs no widening. */
  readonly outOfSample: Performance & { readonly verdict: Verdict }
  /** null: no variant had enough trades. */
  readonly best: BestVariant | null
}

/** What a search came to, as JSON; see `BacktestReport` for its units. */
export interface OptimiseReport extends Findings {
  readonly strategyId: string
  readonly strategy: string
  readonly search: Search
  readonly seed: number
  readonly score: Score
  readonly minTrades: number
  /** For the subscriber. */
  readonly sentence: string
}

export function bestOf({ params, whole: { tally, clusters } }: VariantRun, tries: number): BestVariant {
  const performance = performanceOf(tally)
  const confidence = sidakConfidence(tries)
  const effect = designEffect([clusters.sums()])
  const decided = tally.wins + tally.losses
  const mean = meanEstimate(tally.returns, confidence)
  const adjusted =
    performance.breakEvenRate === null
      ? mean && widened(mean, Math.sqrt(effect.meanReturn))
      : wilson(tally.wins / effect.winRate, decided / effect.winRate, confidence)
  return { params, performance, adjusted, confidence }
}

export function sentenceOf({ variantsTried, windows, inTraining, outOfSample, best }: Findings): string {
  const traded = windows.filter(({ chosen }) => chosen !== null)
  const sentences = [
    `${variantsTried} ${variantsTried === 1 ? 'variant was' : 'variants were'} tried.`,
    ...(inTraining.winRate
      ? [
          `In training the chosen ones won ${percent(inTraining.winRate.value)}; luck alone would show about ${percent(meanLuck(traded))}.`,
        ]
      : ['None had enough trades in training to be chosen.']),
    `Out of sample: ${outOfSample.verdict.sentence}.`,
    ...(best?.adjusted
      ? [
          `The best over all, with its interval widened for ${variantsTried} tries: ${intervalText(best.adjusted, best.performance.breakEvenRate === null ? returnDigits : undefined)}.`,
        ]
      : []),
  ]
  return sentences.join(' ')
}

function meanLuck(windows: readonly WindowReport[]): number {
  const rates = windows.flatMap(({ luckyWinRate }) => luckyWinRate ?? [])
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length
}
