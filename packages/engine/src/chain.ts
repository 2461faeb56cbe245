import type { Direction, StrategyConfig } from '@sath/core'
import { type BotTrade, byClose } from './bot-trade.js'
import { climb, groundLevel, highestLevel, type Ladder } from './ladder.js'

/**
 * Results of one strategy on one symbol that a ladder can still depend on, whether it is single or dual and however high: of
 * each direction the last win, which reset it, and the losses after it in order of their close.
 */
export type Chain = Readonly<Record<Direction, { win: BotTrade | undefined; losses: BotTrade[] }>>

export function emptyChain(): Chain {
  return { call: { win: undefined, losses: [] }, put: { win: undefined, losses: [] } }
}

/** Takes in a result, in any order, once each. */
export function addToChain(chain: Chain, trade: BotTrade): void {
  const side = chain[trade.direction]
  if (trade.status === 'win') {
    if (isBefore(trade, side.win)) return
    side.win = trade
    if (side.losses.length > 0) side.losses = side.losses.filter((loss) => isBefore(trade, loss))
  } else if (trade.status === 'loss' && !isBefore(trade, side.win)) {
    const last = side.losses.at(-1)
    if (isBefore(last, trade)) side.losses.push(trade)
    else side.losses.splice(side.losses.findLastIndex((loss) => isBefore(loss, trade)) + 1, 0, trade)
  }
}

/** Where the ladder stands that a trade in this direction climbs: with `dual`, CALL and PUT have one each. */
export function ladderOn(chain: Chain | undefined, { martingale }: StrategyConfig, direction: Direction): Ladder {
  if (!chain) return groundLevel
  let ladder = groundLevel
  const highest = highestLevel(martingale)
  for (const loss of martingale.ladder === 'dual' ? chain[direction].losses : lossesOfBoth(chain)) {
    ladder = climb(ladder, loss, highest)
  }
  return ladder
}

/** Losses after the last win in either direction. */
function lossesOfBoth({ call, put }: Chain): readonly BotTrade[] {
  const win = isBefore(put.win, call.win) ? call.win : put.win
  return [...call.losses, ...put.losses].filter((loss) => !isBefore(loss, win)).sort(byClose)
}

function isBefore(a: BotTrade | undefined, b: BotTrade | undefined): boolean {
  return b !== undefined && (a === undefined || byClose(a, b) < 0)
}
