import type { FieldError, Timeframe } from '@sath/core'
import { ensemble } from './ensemble.js'
import { mhi1 } from './mhi-1.js'
import { paramsSchema, specErrors, withDefaults } from './params.js'
import type { Strategy } from './strategy.js'
import { textbook } from './textbook.js'

/** Every strategy a configuration can name. A strategy is only ever given states and parameters of its own making. */
export const catalogue: readonly Strategy[] = [...textbook, ensemble, mhi1]

export function findStrategy(id: string): Strategy | undefined {
  return catalogue.find((strategy) => strategy.id === id)
}

/** What a subscriber needs to know to choose and set up a strategy; `warmUp` is that of the default parameters. */
export function describeStrategy(strategy: Strategy) {
  const { id, name, summary, source, timeframe, params } = strategy
  const warmUp = strategy.warmUp(withDefaults(params, {}))
  return { id, name, summary, source, ...(timeframe && { timeframe }), warmUp, params: paramsSchema(params) }
}
export type StrategyDescription = ReturnType<typeof describeStrategy>

/** All that is wrong with `params` for this strategy; empty when it can run. Paths are parameter names, "" for the id. */
export function checkParams(strategyId: string, params: Readonly<Record<string, unknown>>): FieldError[] {
  const strategy = findStrategy(strategyId)
  if (!strategy) {
    const known = catalogue.map(({ id }) => id).join(', ')
    return [{ path: '', message: `unknown strategy "${strategyId}"; known are ${known}` }]
  }
  const errors = specErrors(strategy.params, params)
  return errors.length > 0 ? errors : (strategy.check?.(withDefaults(strategy.params, params)) ?? [])
}

/** A timeframe the strategy is not for, on which it would never signal; path "timeframe". Unknown strategies are for any. */
export function checkTimeframe(strategyId: string, timeframe: Timeframe): FieldError[] {
  const only = findStrategy(strategyId)?.timeframe
  return only === undefined || timeframe === only
    ? []
    : [{ path: 'timeframe', message: `must be ${only}: ${strategyId} is for no other` }]
}
