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

/** Of wins among decided trades, and of profit per unit staked. */
export interface ClusterSums {
  readonly rate: Grouped
  readonly gain: Grouped
}

/** Memory grows with the moments whose trades are still open. */
export function createClusters() {
  const groups = new Map<number, Group>()
  const sums: ClusterSums = { rate: noGroups(), gain: noGroups() }
  let newest = Number.NEGATIVE_INFINITY

  function groupOf(time: number): Group {
    const known = groups.get(time)
    if (known) return known
    const fresh = { open: 0, wins: 0, decided: 0, returns: 0, trades: 0 }
    groups.set(time, fresh)
    return fresh
  }

  function addComplete(): void {
    for (const [time, group] of groups) {
      if (group.open > 0) continue
      addGroup(sums.rate, group.wins, group.decided)
      addGroup(sums.gain, group.returns, group.trades)
      groups.delete(time)
    }
  }

  return {
    /** Times are those of the entry, epoch ms. When a later one comes, no more trades join the earlier. */
    opened(time: number): void {
      if (time > newest) addComplete()
      newest = Math.max(newest, time)
      groupOf(time).open += 1
    },
    closed(time: number, { status, profit, stake }: TradeAmounts): void {
      const group = groupOf(time)
      group.open -= 1
      if (status === 'cancelled') return
      const gained = Number(profit) / Number(stake)
      group.trades += 1
      group.returns += gained
      sums.gain.squares += gained * gained
      if (status === 'tie') return
      group.decided += 1
      if (status !== 'win') return
      group.wins += 1
      sums.rate.squares += 1
    },
    /** Asked when all trades have closed. */
    sums(): ClusterSums {
      addComplete()
      return sums
    },
  }
}

/** Of one sample, or of several together. */
export function designEffect(samples: readonly ClusterSums[]): DesignEffect {
  return {
    winRate: effectOf(samples.map(({ rate }) => rate)),
    meanReturn: effectOf(samples.map(({ gain }) => gain)),
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

function effectOf(samples: readonly Grouped[]): number {
  const sum = (part: keyof Grouped) => samples.reduce((total, sample) => total + sample[part], 0)
  const [values, count, squares, countSquares] = [sum('values'), sum('count'), sum('squares'), sum('countSquares')]
  if (count === 0) return 1
  const mean = values / count
  const single = squares - mean * values
  // Where every value is the same nothing is seen of how they vary: each group counts as one.
  if (single <= 1e-9 * squares || single <= 0) return Math.max(1, countSquares / count)
  return Math.max(1, (sum('valueSquares') - 2 * mean * sum('products') + mean * mean * countSquares) / single)
}
