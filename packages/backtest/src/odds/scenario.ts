import type { OddsInput } from './odds-input.js'
import { sfc32 } from './random.js'
import { baseStake, canBegin, fillStakes, type StakeTable, stakeTable, tolerance } from './stake-table.js'

/** What became of scenarios, one entry per scenario, in order. */
export interface Outcomes {
  readonly final: Float64Array
  readonly turnover: Float64Array
  readonly maxDrawdown: Float64Array
  readonly trades: Uint32Array
  readonly gales: Uint32Array
  readonly busts: Uint32Array
  /** 1: the final balance is below the base stake. */
  readonly ruined: Uint8Array
}

/**
 * Plays scenarios, one signal after the other, until as many cycles ended or trades were made as asked for. The result of
 * scenario `n` is written at `at`; it depends on the input and `n` alone. A signal is
 *
 * 1. with a single ladder: a trade of that ladder. With two: the direction is drawn first, CALL or PUT evenly, from the same
 *    stream, and the signal is for the ladder of its direction only. The other stays where it is, at whatever level, until
 *    a signal of its own: so a cycle is interrupted by any number of signals of the other direction between two of its
 *    trades, and never abandoned for them. Both ladders draw on the one balance;
 * 2. on level 0 a cycle begins. If the balance is below its base stake, or nothing is left to stake, the scenario ends,
 *    ruined; a cycle the other ladder still has open keeps its losses;
 * 3. on a higher level, a balance below the stake is a bust: the cycle has ended and the signal is used up, without a trade;
 * 4. else a trade. A win ends the cycle; a tie is refunded and leaves the level to the ladder's next signal; a loss goes a
 *    level up or, on the highest, is a bust and ends the cycle.
 *
 * Cycles are counted as they end, those of both ladders together. Trades count ties, gales are the trades above level 0.
 * Stop-loss, take-profit and drawdown look at the balance after each trade. Nothing is allocated on the way.
 */
export function scenarioPlayer(input: OddsInput): (n: number, outcomes: Outcomes, at: number) => void {
  const { capital, maxGales, seed, stopLoss = -Infinity, takeProfit = Infinity } = input
  const { cycles: lastCycle = Infinity, trades: lastTrade = Infinity } = input
  const winBelow = input.winRate * 2 ** 32
  const tieBelow = (input.winRate + input.tieRate) * 2 ** 32
  const dual = input.ladder === 'dual'
  const follows = typeof input.stake !== 'number'
  const slack = tolerance(input)
  const random = sfc32()
  const [call, put] = [newLadder(input), newLadder(input)]

  return (n, outcomes, at) => {
    random.begin(seed, n)
    call.level = 0
    put.level = 0
    /** The balance without the losses of cycles that are open. */
    let settled = capital
    let balance = capital
    let peak = capital
    let maxDrawdown = 0
    let turnover = 0
    let cycles = 0
    let trades = 0
    let gales = 0
    let busts = 0
    while (cycles < lastCycle && trades < lastTrade) {
      const ladder = dual && random.next() >= 2 ** 31 ? put : call
      const { level, table } = ladder
      if (level === 0 && follows) fillStakes(table, input, baseStake(input, balance))
      const stake = table.stake[level] as number
      const short = balance < stake - slack
      if (level === 0 && (short || stake <= slack)) break
      if (short) {
        settled -= lostBefore(ladder)
        ladder.level = 0
        cycles++
        busts++
        continue
      }
      trades++
      turnover += stake
      if (level > 0) gales++
      const draw = random.next()
      if (draw < winBelow) {
        settled += table.won[level] as number
        ladder.level = 0
        cycles++
      } else if (draw >= tieBelow) {
        ladder.level++
        if (level === maxGales) {
          settled -= lostBefore(ladder)
          ladder.level = 0
          cycles++
          busts++
        }
      }
      balance = settled - lostBefore(call) - lostBefore(put)
      if (balance > peak) peak = balance
      else if (peak - balance > maxDrawdown) maxDrawdown = peak - balance
      if (balance <= stopLoss + slack || balance >= takeProfit - slack) break
    }
    outcomes.final[at] = balance
    outcomes.turnover[at] = turnover
    outcomes.maxDrawdown[at] = maxDrawdown
    outcomes.trades[at] = trades
    outcomes.gales[at] = gales
    outcomes.busts[at] = busts
    outcomes.ruined[at] = canBegin(input, balance) ? 0 : 1
  }
}

export function newOutcomes(count: number): Outcomes {
  return {
    final: new Float64Array(count),
    turnover: new Float64Array(count),
    maxDrawdown: new Float64Array(count),
    trades: new Uint32Array(count),
    gales: new Uint32Array(count),
    busts: new Uint32Array(count),
    ruined: new Uint8Array(count),
  }
}

interface Ladder {
  level: number
  readonly table: StakeTable
}

function newLadder(input: OddsInput): Ladder {
  const table = stakeTable(input)
  fillStakes(table, input, baseStake(input, input.capital))
  return { level: 0, table }
}

/** What the ladder's open cycle has lost; 0 on level 0. */
function lostBefore({ level, table }: Ladder): number {
  return table.lost[level] as number
}
