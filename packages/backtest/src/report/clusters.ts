import type { TradeAmounts } from './tally.js'

/**
 * How much less many trades tell than as many independent ones would: variance of the mean over what it would be were they
 * independent, at least 1. Trades that enter at the same moment, as those of several strategies or symbols do, are taken
 * together; each such group is one observation.
 *
 * @see L. Kish, Survey Sampling (1965), 5.4 and 8.2, for the design effect of clusters
 */
export interface DesignEffect {
  readonly winRate: number
  readonly meanReturn: number
}

/** A sample in groups: sums from which the variance between groups follows. */
interface Grouped {
  values: number
  count: number
  valueSquares: number
  products: number
  countSquares: number
  /** Of the single values. */
  squares: number
}

interface Group {
  open: number
  wins: number
  decided: number
  returns: number
  trades: number
}

/** Memory grows with the moments whose trades are still open. */
export function createClusters() {
  const groups = new Map<number, Group>()
  const rate = noGroups()
  const gain = noGroups()

  function groupOf(time: number): Group {
    const known = groups.get(time)
    if (known) return known
    const fresh = { open: 0, wins: 0, decided: 0, returns: 0, trades: 0 }
    groups.set(time, fresh)
    return fresh
  }

  return {
    /** Times are those of the entry, epoch ms. */
    opened(time: number): void {
      groupOf(time).open += 1
    },
    closed(time: number, { status, profit, stake }: TradeAmounts): void {
      const group = groupOf(time)
      group.open -= 1
      if (status === 'cancelled') return
      const gained = Number(profit) / Number(stake)
      group.trades += 1
      group.returns += gained
      gain.squares += gained * gained
      if (status === 'tie') return
      group.decided += 1
      if (status !== 'win') return
      group.wins += 1
      rate.squares += 1
    },
    /** Every entry up to here is known, so a group without an open trade is complete. */
    settle(): void {
      for (const [time, group] of groups) {
        if (group.open > 0) continue
        addGroup(rate, group.wins, group.decided)
        addGroup(gain, group.returns, group.trades)
        groups.delete(time)
      }
    },
    designEffect: (): DesignEffect => ({ winRate: effectOf(rate), meanReturn: effectOf(gain) }),
  }
}

function noGroups(): Grouped {
  return { values: 0, count: 0, valueSquares: 0, products: 0, countSquares: 0, squares: 0 }
}

function addGroup(sums: Grouped, values: number, count: number): void {
  sums.values += values
  sums.count += count
  sums.valueSquares += values * values
  sums.products += values * count
  sums.countSquares += count * count
}

function effectOf({ values, count, valueSquares, products, countSquares, squares }: Grouped): number {
  if (count === 0) return 1
  const mean = values / count
  const single = squares - mean * values
  // Where every value is the same nothing is seen of how they vary: each group counts as one.
  if (single <= 1e-9 * squares || single <= 0) return Math.max(1, countSquares / count)
  return Math.max(1, (valueSquares - 2 * mean * products + mean * mean * countSquares) / single)
}
