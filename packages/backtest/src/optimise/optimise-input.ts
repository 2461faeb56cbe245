import type { FieldError, StrategyConfig } from '@sath/core'
import { findStrategy } from '@sath/strategies'
import type { BacktestInput } from '../run/backtest-input.js'
import { combinations, type ParamRange, rangeErrors } from './variants.js'

export const searches = ['grid', 'random'] as const
export type Search = (typeof searches)[number]

/** By what a variant is chosen: profit in money, wins over wins and losses, or mean profit per unit staked. */
export const scores = ['mean-return', 'win-rate', 'profit'] as const
export type Score = (typeof scores)[number]

export interface OptimiseInput {
  readonly backtest: BacktestInput
  /** Whose parameters are searched; absent: the only enabled strategy. The others of the configuration do not run. */
  readonly strategyId?: string | undefined
  /** `grid`: every combination; `random`: as many different ones as `variants` says, drawn with `seed`. */
  readonly search: Search
  /** What to try of each parameter; the others stay as configured. */
  readonly ranges: Readonly<Record<string, ParamRange>>
  /** Most variants tried, 1…1000. */
  readonly variants: number
  /** Walk-forward windows, 1…50, one after the other's test. */
  readonly windows: number
  /** Share of each window to train on, 0.1…0.9; the rest tests. */
  readonly trainShare: number
  /** uint32. */
  readonly seed: number
  readonly score: Score
  /** Wins and losses in training below which a variant is not chosen, 1…100000. */
  readonly minTrades: number
}

/** All that is wrong with a search, with the path of its field; empty when it can run. */
export function checkOptimise(input: OptimiseInput): FieldError[] {
  const { variants, windows, trainShare, seed, minTrades, search, score, ranges } = input
  const errors = [
    ...outOf('variants', variants, 1, 1_000),
    ...outOf('windows', windows, 1, 50),
    ...outOf('trainShare', trainShare, 0.1, 0.9, 'a number'),
    ...outOf('seed', seed, 0, 0xffff_ffff),
    ...outOf('minTrades', minTrades, 1, 100_000),
    ...(searches.includes(search) ? [] : [{ path: 'search', message: `must be one of ${searches.join(', ')}` }]),
    ...(scores.includes(score) ? [] : [{ path: 'score', message: `must be one of ${scores.join(', ')}` }]),
  ]
  const strategy = searched(input)
  const specs = strategy && findStrategy(strategy.strategy)?.params
  if (!specs) {
    const message = 'must name one of the strategies; it may be left out where exactly one is enabled'
    return [...errors, { path: 'strategyId', message }]
  }
  errors.push(...rangeErrors(specs, ranges))
  if (errors.length > 0) return errors
  const count = combinations(specs, ranges)
  if (search === 'grid' && count > variants) {
    const message = `make ${count} combinations, more than the ${variants} variants allowed; take larger steps or a random search`
    errors.push({ path: 'ranges', message })
  }
  return errors
}

/** The strategy whose parameters are searched. */
export function searched({ backtest, strategyId }: OptimiseInput): StrategyConfig | undefined {
  const { strategies } = backtest.config
  if (strategyId !== undefined) return strategies.find(({ id }) => id === strategyId)
  const [only, another] = strategies.filter(({ enabled }) => enabled)
  return another ? undefined : only
}

function outOf(path: string, value: number, least: number, most: number, kind = 'a whole number'): FieldError[] {
  const fits = value >= least && value <= most && (kind === 'a number' || Number.isInteger(value))
  return fits ? [] : [{ path, message: `must be ${kind} from ${least} to ${most}` }]
}
