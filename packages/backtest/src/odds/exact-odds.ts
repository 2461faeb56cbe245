import { AppError } from '@sath/core'
import { type Hooks, report } from '../hooks.js'
import { type Balances, balances } from './balances.js'
import { assertOdds } from './check-odds.js'
import type { Odds, OddsInput } from './odds-input.js'
import { baseStake, canBegin, fillStakes, stakeTable, tolerance } from './stake-table.js'

/** Above these a configuration is too large. */
export interface ExactLimits {
  /** Signals played in all, one for each level of each balance at each time: it bounds the time, some seconds. */
  readonly signals: number
  /** Balances at one time and level: it bounds the memory, some 100 MB. */
  readonly balances: number
}

const defaultLimits: ExactLimits = { signals: 40_000_000, balances: 1_000_000 }

/**
 * Exact odds, without chance, by dynamic programming over the same rules as scenarioPlayer. The state is the level of each
 * ladder and the balance without the losses of open cycles; time goes by ended cycles, or by trades where those are given.
 * With cycles a tie changes nothing but the number of trades, so a level takes 1 / (1 - tieRate) of them and is won with
 * winRate / (1 - tieRate).
 *
 * Balances within `tolerance` of each other (capital × 2⁻³⁸) are merged at their mean. So the mean is exact but for rounding
 * of doubles, and no balance is off by more than tolerance × cycles (or trades): 1e-6 for a capital of 3500 and 60 cycles at
 * the very worst, of which nothing is left where, as in all practice, merged balances differ by the noise of sums only.
 *
 * @throws AppError invalid-request with the errors of checkOdds; on `cycles`, `trades` or `stake` when there are too many
 *   states; on `stake` for a dual ladder whose stake follows the balance
 * @throws Cancelled when the hooks say so
 */
export function exactOdds(input: OddsInput, hooks: Hooks = {}, limits: ExactLimits = defaultLimits): Odds {
  assertOdds(input)
  const { capital, maxGales, stopLoss = -Infinity, takeProfit = Infinity, trades: lastTrade } = input
  const dual = input.ladder === 'dual'
  const follows = typeof input.stake !== 'number'
  if (dual && follows) throw tooLarge('stake', 'must be an amount for exact odds of a dual ladder; or simulate')
  const byTrades = lastTrade !== undefined
  const end = lastTrade ?? (input.cycles as number)
  const tie = byTrades ? input.tieRate : 0
  const win = byTrades ? input.winRate : input.winRate / (1 - input.tieRate)
  const lose = Math.max(0, 1 - win - tie)
  const tradesPerVisit = byTrades ? 1 : 1 / (1 - input.tieRate)
  const slack = tolerance(input)
  const table = stakeTable(input)
  fillStakes(table, input, baseStake(input, capital))

  const total = { mass: 0, mean: 0, squares: 0, pProfit: 0, pRuin: 0, trades: 0, gales: 0, busts: 0, turnover: 0 }
  const absorb = (final: number, mass: number) => {
    total.mass += mass
    const off = final - total.mean
    total.mean += (mass / total.mass) * off
    total.squares += mass * off * (final - total.mean)
    if (final > capital + slack) total.pProfit += mass
    if (!canBegin(input, final)) total.pRuin += mass
  }
  let played = 0
  let now: Layer = []
  let next: Layer = []
  const lost = (level: number) => table.lost[level] as number
  const addTo = (layer: Layer, mine: number, other: number, settled: number, mass: number) => {
    const cell = Math.max(mine, other) * (maxGales + 1) + Math.min(mine, other)
    layer[cell] ??= balances(slack, now[cell]?.size ?? 0)
    layer[cell].add(settled, mass)
  }
  const afterTrade = (layer: Layer, mine: number, other: number, settled: number, mass: number) => {
    const balance = settled - lost(mine) - lost(other)
    if (balance <= stopLoss + slack || balance >= takeProfit - slack) absorb(balance, mass)
    else if (layer === now && !dual) signal(mine, 0, settled, mass)
    else addTo(layer, mine, other, settled, mass)
  }
  /**
   * A signal for the ladder at level `mine`. What takes time goes to the next layer, the rest to a later cell of this one, or
   * on at once where there is a single ladder: at each level its balances are those of the level before, none would merge.
   */
  const signal = (mine: number, other: number, settled: number, mass: number) => {
    played++
    const stake = table.stake[mine] as number
    const balance = settled - lost(mine) - lost(other)
    const affordable = balance >= stake - slack
    if (mine === 0 && !canBegin(input, balance)) return absorb(balance, mass)
    if (!affordable) {
      total.busts += mass
      return addTo(byTrades ? now : next, 0, other, settled - lost(mine), mass)
    }
    total.trades += mass * tradesPerVisit
    total.turnover += mass * tradesPerVisit * stake
    if (mine > 0) total.gales += mass * tradesPerVisit
    afterTrade(next, 0, other, settled + (table.won[mine] as number), mass * win)
    afterTrade(next, mine, other, settled, mass * tie)
    if (mine < maxGales) return afterTrade(byTrades ? next : now, mine + 1, other, settled, mass * lose)
    total.busts += mass * lose
    afterTrade(next, 0, other, settled - lost(mine + 1), mass * lose)
  }

  const cells = cellsInOrder(maxGales, dual, byTrades)
  addTo(now, 0, 0, capital, 1)
  for (let done = 0; done < end; done++) {
    next = []
    for (const [a, b, cell] of cells) {
      if (played > limits.signals || (now[cell]?.size ?? 0) > limits.balances) throw tooManyStates(input, done)
      now[cell]?.forEach((settled, mass) => {
        if (follows) fillStakes(table, input, baseStake(input, settled))
        const share = !dual || a === b ? mass : mass / 2
        signal(a, b, settled, share)
        if (share < mass) signal(b, a, settled, share)
      })
      now[cell] = undefined
    }
    now = next
    report(hooks, (done + 1) / end)
  }
  for (const [a, b, cell] of cells)
    now[cell]?.forEach((settled, mass) => {
      if (follows) fillStakes(table, input, baseStake(input, settled))
      absorb(settled - lost(a) - lost(b), mass)
    })
  return {
    mean: total.mean,
    sd: Math.sqrt(total.squares / total.mass),
    pProfit: total.pProfit,
    pRuin: total.pRuin,
    meanTrades: total.trades,
    meanGales: total.gales,
    meanBusts: total.busts,
    meanTurnover: total.turnover,
  }
}

/** All states at one time, by the levels of both ladders, the higher first: which of them is CALL makes no difference. */
type Layer = (Balances | undefined)[]

/**
 * Pairs of levels, with the index of their cell, so that what one adds to its own layer comes after it: a loss climbs while
 * time goes by cycles, a bust without a trade falls while it goes by trades. One ladder leaves the other at 0.
 */
function cellsInOrder(maxGales: number, dual: boolean, falling: boolean): (readonly [number, number, number])[] {
  const cells: (readonly [number, number, number])[] = []
  for (let a = 0; a <= maxGales; a++)
    for (let b = 0; b <= (dual ? a : 0); b++) cells.push([a, b, a * (maxGales + 1) + b])
  return cells.sort(([a, b], [c, d]) => (falling ? c + d - a - b : a + b - c - d))
}

function tooManyStates({ stake, cycles, trades }: OddsInput, done: number): AppError {
  const hint = 'or simulate'
  if (typeof stake !== 'number')
    return tooLarge('stake', `follows the balance, which gives too many balances; use an amount, ${hint}`)
  const [path, end] = cycles === undefined ? ['trades', trades] : ['cycles', cycles]
  return tooLarge(path, `must be lower for exact odds: too many balances after ${done} of ${end}; lower it, ${hint}`)
}

function tooLarge(path: string, message: string): AppError {
  return new AppError('invalid-request', 'Too large for exact odds', { errors: [{ path, message }] })
}
