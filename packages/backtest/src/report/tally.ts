import type { Decimal } from '@sath/core'
import type { BacktestTrade } from '../run/backtest-trade.js'
import { type Estimate, meanEstimate, wilson } from './estimate.js'
import { addMoment, addMoments, type Moments, noMoments } from './moments.js'
import { fromUnits, toUnits, unitsToFloat } from './units.js'

/** Running sums over closed trades; money in units (see `toUnits`). */
export interface Tally {
  wins: number
  losses: number
  ties: number
  cancelled: number
  /** Of the trades counted above that were not cancelled. */
  spot: number
  gained: bigint
  lost: bigint
  staked: bigint
  /** Sum of the payouts of won and lost binary options. */
  payouts: number
  /** Profit per unit staked. */
  readonly returns: Moments
}

export function emptyTally(): Tally {
  return {
    wins: 0,
    losses: 0,
    ties: 0,
    cancelled: 0,
    spot: 0,
    gained: 0n,
    lost: 0n,
    staked: 0n,
    payouts: 0,
    returns: noMoments(),
  }
}

/** What is counted of a trade, its money in units. */
export interface TradeAmounts extends Pick<BacktestTrade, 'status' | 'instrument'> {
  readonly profit: bigint
  readonly stake: bigint
  readonly payout: number
}

export function amountsOf({ status, instrument, profit, stake, payout }: BacktestTrade): TradeAmounts {
  return { status, instrument, profit: toUnits(profit), stake: toUnits(stake), payout: Number(payout) }
}

/** Takes in a closed trade. */
export function addTrade(tally: Tally, { status, instrument, profit, stake, payout }: TradeAmounts): void {
  if (status === 'win') tally.wins += 1
  else if (status === 'loss') tally.losses += 1
  else if (status === 'tie') tally.ties += 1
  else {
    tally.cancelled += 1
    return
  }
  if (instrument === 'spot') tally.spot += 1
  else if (status !== 'tie') tally.payouts += payout
  if (profit > 0n) tally.gained += profit
  else tally.lost -= profit
  tally.staked += stake
  addMoment(tally.returns, Number(profit) / Number(stake))
}

/** Takes in all of another tally. */
export function addTally(into: Tally, more: Tally): void {
  into.wins += more.wins
  into.losses += more.losses
  into.ties += more.ties
  into.cancelled += more.cancelled
  into.spot += more.spot
  into.gained += more.gained
  into.lost += more.lost
  into.staked += more.staked
  into.payouts += more.payouts
  addMoments(into.returns, more.returns)
}

/** What a group of trades came to. Every interval is that of the group alone: the best of many groups is partly luck. */
export interface Performance {
  /** Wins, losses and ties; what was cancelled never counted. */
  readonly trades: number
  readonly wins: number
  readonly losses: number
  readonly ties: number
  readonly cancelled: number
  /** Wins over wins and losses, with Wilson's 95 % interval; null without either. */
  readonly winRate: Estimate | null
  /**
   * Win rate at which flat stakes neither gain nor lose, before rounding to the cent: 1 ÷ (1 + payout); with several payouts, their mean over the won and
   * lost trades. null without one, and with spot trades, where a win has no fixed payout.
   */
  readonly breakEvenRate: number | null
  /** Profit per unit staked, ties included, with Student's 95 % interval; null where there is none. */
  readonly meanReturn: Estimate | null
  readonly profit: Decimal
  /** Gains ÷ losses; null without a loss. */
  readonly profitFactor: number | null
  /** Sum of the stakes. */
  readonly turnover: Decimal
}

export function performanceOf(tally: Tally): Performance {
  const { wins, losses, ties, cancelled, spot, gained, lost, staked, payouts, returns } = tally
  const decided = wins + losses
  return {
    trades: decided + ties,
    wins,
    losses,
    ties,
    cancelled,
    winRate: wilson(wins, decided),
    breakEvenRate: decided === 0 || spot > 0 ? null : 1 / (1 + payouts / decided),
    meanReturn: meanEstimate(returns),
    profit: fromUnits(gained - lost),
    profitFactor: lost === 0n ? null : unitsToFloat(gained) / unitsToFloat(lost),
    turnover: fromUnits(staked),
  }
}
