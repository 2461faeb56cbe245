import { addTo, compareTallies, emptyTally, type Tally, takeFrom } from '@sath/core'
import { type BotTrade, closeOf } from './bot-trade.js'

/** Most losses in a row that a pause may ask for. */
export const longestRun = 100

/** What trades have come to, in order of their close: a fold. */
export interface Standing {
  /** Realised. */
  readonly profit: Tally
  /** How far `profit` is below the highest it ever was, which is at least 0. */
  drawdown: Tally
  readonly runs: Map<string, LossRun>
}

/** A strategy's losses without a win between them. */
interface LossRun {
  length: number
  /** At n - 1: close of the last loss that was at least the n-th of its run. */
  readonly reachedAt: number[]
}

export function standing(): Standing {
  return { profit: emptyTally(), drawdown: emptyTally(), runs: new Map() }
}

export function copyOf({ profit, drawdown, runs }: Standing): Standing {
  const copies = [...runs].map(([id, run]): [string, LossRun] => [id, { ...run, reachedAt: [...run.reachedAt] }])
  return { profit: { ...profit }, drawdown: { ...drawdown }, runs: new Map(copies) }
}

const nothing = emptyTally()

/** Takes in the trade that closed next. `profit`: that of the trade. */
export function settle(standing: Standing, trade: BotTrade, profit: Readonly<Tally>): void {
  const { strategyId, status } = trade
  if (status !== 'win' && status !== 'loss') return
  addTo(standing.profit, profit)
  takeFrom(standing.drawdown, profit)
  if (compareTallies(standing.drawdown, nothing) < 0) standing.drawdown = emptyTally()
  if (status === 'loss') {
    lengthen(standing, strategyId, closeOf(trade))
    return
  }
  const run = standing.runs.get(strategyId)
  if (run) run.length = 0
}

/** Close of the strategy's last loss that was at least the n-th in a row; undefined where there was none. */
export function lastRunAt({ runs }: Standing, strategyId: string, n: number): number | undefined {
  return runs.get(strategyId)?.reachedAt[n - 1]
}

function lengthen({ runs }: Standing, strategyId: string, closedAt: number): void {
  const run = runs.get(strategyId) ?? { length: 0, reachedAt: [] }
  runs.set(strategyId, run)
  run.length = Math.min(run.length + 1, longestRun)
  for (let index = 0; index < run.length; index++) run.reachedAt[index] = closedAt
}
