import { type Decimal, type Direction, type Martingale, money } from '@sath/core'
import type { BotTrade } from './bot-trade.js'

/** Where a ladder stands: the level of its next stake and what its cycle has lost so far. */
export interface Rung {
  /** 0 = base stake. */
  readonly level: number
  /** Realised losses of the cycle, 0 or more, in the account's currency. */
  readonly lost: Decimal
}

export interface Ladder extends Rung {
  /** The loss that led to this level; undefined on level 0. */
  readonly lastLoss: { readonly direction: Direction; readonly closedAt: number } | undefined
}

export const groundLevel: Ladder = { level: 0, lost: '0', lastLoss: undefined }

/** Highest level the plan may stake; a loss there is a bust. */
export function highestLevel({ plan, maxLevel }: Martingale): number {
  return plan === 'none' ? 0 : maxLevel
}

/**
 * The ladder after a trade of it. The level is the one the order carried, so a result is worth the same whenever it comes:
 * a win resets; a loss goes one up, and beyond `highest` it is a bust, which resets; anything else changes nothing.
 */
export function climb(ladder: Ladder, trade: BotTrade, highest: number): Ladder {
  if (trade.status === 'win') return groundLevel
  if (trade.status !== 'loss' || trade.closedAt === null) return ladder
  const level = trade.level + 1
  if (level > highest) return groundLevel
  const before = trade.level === 0 ? '0' : ladder.lost
  const lastLoss = { direction: trade.direction, closedAt: trade.closedAt }
  return { level, lost: money.subtract(before, trade.profit), lastLoss }
}
