import { AppError, type BotConfig, type Decimal, type StrategyConfig } from '@sath/core'
import { findStrategy, type Params, type Strategy, withDefaults } from '@sath/strategies'
import { type Book, chainOf } from './book.js'
import { catalogueErrors } from './catalogue-errors.js'
import type { Chain } from './chain.js'
import { type Fold, foldKey, freshFold } from './fold.js'
import { groundLevel } from './ladder.js'
import { type DayLimits, dayLimits } from './limits.js'
import { baseSeries, seriesName } from './needed-series.js'
import { payoutOf, stakeFor } from './stake.js'

/** One strategy on one symbol, and what of its configuration is asked about at each candle. */
export interface Slot {
  readonly config: StrategyConfig
  readonly strategy: Strategy
  readonly params: Params
  readonly symbol: string
  readonly base: string
  readonly confirming: string | undefined
  /** Candles needed before the first signal. */
  readonly warmUp: number
  readonly limits: DayLimits
  /** See `payoutOf`. */
  readonly payout: Decimal | undefined
  /** Stake of level 0. */
  readonly firstStake: Decimal
  readonly fold: Fold
  /** Of the book. */
  readonly chain: Chain
}

/** The fold to go on with instead of a fresh one; undefined: there is none of this kind. */
export type KnownFold = (fresh: Fold, config: StrategyConfig, symbol: string) => Fold | undefined

/** The enabled strategies on their symbols. @throws AppError invalid-request when the configuration cannot run */
export function slotsOf(
  { config, payouts }: { readonly config: BotConfig; readonly payouts: Readonly<Record<string, Decimal>> },
  defaultSource: string,
  book: Book,
  knownFold: KnownFold,
): Slot[] {
  const errors = catalogueErrors(config)
  if (errors.length > 0) throw new AppError('invalid-request', 'The configuration cannot run', { errors })
  return config.strategies.flatMap((config) => {
    const strategy = findStrategy(config.strategy)
    if (!config.enabled || !strategy) return []
    return config.symbols.map((symbol) => {
      const base = baseSeries(config, symbol, defaultSource)
      const params = withDefaults(strategy.params, config.params)
      const fresh = freshFold(foldKey(config, symbol, defaultSource), strategy, config)
      return {
        config,
        strategy,
        params,
        symbol,
        base: seriesName(base),
        confirming: config.confirmTimeframe && seriesName({ ...base, timeframe: config.confirmTimeframe }),
        warmUp: strategy.warmUp(params),
        limits: dayLimits(config.risk),
        payout: payoutOf(config, symbol, payouts),
        firstStake: stakeFor(config.martingale, config.stake, groundLevel, '1'),
        fold: knownFold(fresh, config, symbol) ?? fresh,
        chain: chainOf(book, config.id, symbol),
      }
    })
  })
}
