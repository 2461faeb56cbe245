import type { Candle, StrategyConfig } from '@sath/core'
import { findStrategy, type Strategy, stepTrend, type Trend, trend, withDefaults } from '@sath/strategies'
import { baseSeries } from './needed-series.js'

/** What a strategy remembers of one symbol's candles: plain JSON, the state of its checkpoint. */
export interface Fold {
  /** What this is the fold of; see `foldKey`. */
  readonly of: string
  /** Open time of the last candle folded, -1 before the first. */
  time: number
  /** Candles folded. */
  bars: number
  readonly strategy: object
  /** Of the confirming timeframe, where there is one. */
  readonly confirm: { time: number; readonly trend: Trend } | null
}

/**
 * Names all that a fold's content depends on besides candles. Two configurations with the same key go on from the same
 * state, so a checkpoint survives a new version of the configuration exactly when its key does.
 */
export function foldKey(config: StrategyConfig, symbol: string, defaultSource: string): string {
  const { source, timeframe } = baseSeries(config, symbol, defaultSource)
  const strategy = findStrategy(config.strategy)
  const params = strategy ? withDefaults(strategy.params, config.params) : config.params
  return JSON.stringify([config.strategy, params, source, symbol, timeframe, config.confirmTimeframe ?? null])
}

/** A fold that has seen nothing. */
export function freshFold(of: string, strategy: Strategy, config: StrategyConfig): Fold {
  const confirm = config.confirmTimeframe ? { time: -1, trend: trend() } : null
  const state = strategy.init(withDefaults(strategy.params, config.params))
  return { of, time: -1, bars: 0, strategy: state, confirm }
}

/** The fold in a checkpoint, as a copy of its own; undefined when it is not one of exactly this kind. */
export function resumedFold(fresh: Fold, state: unknown): Fold | undefined {
  return hasShapeOf(fresh, state) && state.of === fresh.of ? structuredClone(state) : undefined
}

/** Folds a candle of the confirming timeframe; one that is not newer changes nothing. */
export function foldConfirming({ confirm }: Fold, candle: Candle): void {
  if (!confirm || candle.time <= confirm.time) return
  stepTrend(confirm.trend, candle)
  confirm.time = candle.time
}

/** Same keys at every depth, and under each a finite number, a text or null as in the model. */
function hasShapeOf<T>(model: T, value: unknown): value is T {
  if (typeof model === 'number') return typeof value === 'number' && Number.isFinite(value)
  if (typeof model !== 'object' || model === null)
    return typeof value === typeof model && (model === null) === (value === null)
  if (typeof value !== 'object' || value === null) return false
  const keys = Object.keys(model)
  return (
    Object.keys(value).length === keys.length &&
    keys.every((key) => hasShapeOf(model[key as keyof T], (value as Record<string, unknown>)[key]))
  )
}
