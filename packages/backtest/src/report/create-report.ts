import { type BotConfig, type Decimal, type Outcome, outcomes } from '@sath/core'
import { createDecisionHash } from '@sath/engine'
import type { BacktestInput } from '../run/backtest-input.js'
import type { BacktestObserver } from '../run/backtest-trade.js'
import { createClusters, designEffect } from './clusters.js'
import { addTrade, amountsOf, emptyTally, type Performance, performanceOf, type Tally } from './tally.js'
import { type Course, createTimeline } from './timeline.js'
import { fromUnits, toUnits } from './units.js'
import { judge, type Verdict } from './verdict.js'

/** What a back-test came to, as JSON: money is decimal text, times are market time in epoch ms, shares are 1 = 100 %. */
export interface BacktestReport extends Performance, Course {
  readonly verdict: Verdict
  readonly capital: Decimal
  /** Capital and profit. */
  readonly finalEquity: Decimal
  /** Profit of a won binary option per unit staked, and the spread as a fraction of the price. */
  readonly payout: Decimal
  readonly spread: Decimal
  /** Instants at which a bar that a strategy wants has closed. */
  readonly bars: number
  /** In the order of the configuration; only what traded. */
  readonly byStrategy: readonly ({ readonly strategyId: string; readonly name: string } & Performance)[]
  /** In alphabetical order; only what traded. */
  readonly bySymbol: readonly ({ readonly symbol: string } & Performance)[]
  /** By the hour of entry, UTC, 0…23; only hours with trades. */
  readonly byHour: readonly ({ readonly hour: number } & Performance)[]
  /** How many candles ended how, every outcome named. */
  readonly decisions: Readonly<Record<Outcome, number>>
  /** See `createDecisionHash`. */
  readonly decisionHash: string
}

/** A report that grows with what it is told of. Its memory does not: sums, and an equity curve of bounded length. */
export function createReport(input: BacktestInput): BacktestObserver & { report(): BacktestReport } {
  const { config, payout, spread } = input
  const capital = toUnits(config.capital)
  const all = emptyTally()
  const strategies = new Map<string, Tally>()
  const symbols = new Map<string, Tally>()
  const hours = new Map<number, Tally>()
  const timeline = createTimeline(capital)
  const clusters = createClusters()
  const hash = createDecisionHash()
  const decisions = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>
  let bars = 0

  return {
    decided(decided) {
      decisions[decided.outcome] += 1
      hash.add(decided)
    },
    opened(trade) {
      if (trade.openedAt === null) return
      timeline.opened(trade.openedAt, amountsOf(trade))
      clusters.opened(trade.openedAt)
    },
    closed(trade) {
      const amounts = amountsOf(trade)
      const { strategyId, symbol, openedAt, closedAt, signalTime } = trade
      addTrade(all, amounts)
      addTrade(of(strategies, strategyId), amounts)
      addTrade(of(symbols, symbol), amounts)
      addTrade(of(hours, new Date(openedAt ?? signalTime).getUTCHours()), amounts)
      if (openedAt === null || closedAt === null) return
      timeline.closed(closedAt, amounts)
      clusters.closed(openedAt, amounts)
    },
    bar(time) {
      bars += 1
      timeline.bar(time)
    },
    report() {
      const performance = performanceOf(all)
      return {
        verdict: judge(performance, designEffect([clusters.sums()])),
        ...performance,
        ...timeline.course(),
        capital: config.capital,
        finalEquity: fromUnits(capital + all.gained - all.lost),
        payout,
        spread,
        bars,
        byStrategy: strategyRows(config, strategies),
        bySymbol: sorted(symbols).map(([symbol, tally]) => ({ symbol, ...performanceOf(tally) })),
        byHour: sorted(hours).map(([hour, tally]) => ({ hour, ...performanceOf(tally) })),
        decisions: { ...decisions },
        decisionHash: hash.digest(),
      }
    },
  }
}

function strategyRows({ strategies }: BotConfig, tallies: ReadonlyMap<string, Tally>) {
  return strategies.flatMap(({ id, name }) => {
    const tally = tallies.get(id)
    return tally ? [{ strategyId: id, name, ...performanceOf(tally) }] : []
  })
}

/** The tally of a key, made when it is first asked for. */
function of<Key>(tallies: Map<Key, Tally>, key: Key): Tally {
  const known = tallies.get(key)
  if (known) return known
  const fresh = emptyTally()
  tallies.set(key, fresh)
  return fresh
}

function sorted<Key extends string | number>(tallies: ReadonlyMap<Key, Tally>): [Key, Tally][] {
  return [...tallies].sort(([a], [b]) => (a < b ? -1 : 1))
}
