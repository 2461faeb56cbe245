import { capitalRefusal, type Decimal, type Direction, money, type Outcome } from '@sath/core'
import type { Signal } from '@sath/strategies'
import { atStake, reserve, standingOf } from './book.js'
import type { Bot, CandleMode } from './bot.js'

import { ladderOn } from './chain.js'
import { blockBy, type Entry, entryRules, signalRules } from './risk.js'
import type { Slot } from './slot.js'
import { stakeFor } from './stake.js'

/** How one candle ended for one strategy and symbol. What else a record of it needs is asked for with `decisionRecord`. */
export interface Decided {
  readonly strategyId: string
  readonly symbol: string
  /** Open time of the decided candle, epoch ms. */
  readonly candleTime: number
  readonly configVersion: number
  readonly outcome: Outcome
  readonly reason: string
  /** What the strategy saw, whether or not it was traded. */
  readonly signal: { readonly direction: Direction; readonly confidence: number; readonly reason: string } | null
  /** Present exactly when the outcome is `traded`. */
  readonly intent: DecidedIntent | null
}

export interface DecidedIntent {
  readonly direction: Direction
  readonly stake: Decimal
  readonly level: number
  /** 0…1; 0 where no signal stands behind it, because a lost trade is tried again at once. */
  readonly confidence: number
  readonly reason: string
}

type Verdict = Pick<Decided, 'outcome' | 'reason'> & { readonly intent?: DecidedIntent }

/** The one decision on the candle the slot has just folded. An intent is reserved in the book at once. */
export function decide(
  bot: Bot,
  slot: Slot,
  signal: Signal,
  candleTime: number,
  mode: Exclude<CandleMode, 'warm-up'>,
): Decided {
  const { outcome, reason, intent = null } = verdict(bot, slot, signal, candleTime, mode)
  const { config, symbol } = slot
  if (intent) {
    const { direction, stake } = intent
    reserve(bot.book, { strategyId: config.id, symbol, direction, stake, signalTime: candleTime })
  }
  return {
    strategyId: config.id,
    symbol,
    candleTime,
    configVersion: bot.assignment.configVersion,
    outcome,
    reason,
    signal: signal.direction === 'none' ? null : signal,
    intent,
  }
}

/** The answer of every candle without a signal; one object, so that silence makes no garbage. */
const silence: Verdict = { outcome: 'no-signal', reason: 'no signal' }

function verdict(bot: Bot, slot: Slot, signal: Signal, candleTime: number, mode: 'live' | 'stale'): Verdict {
  const { fold, warmUp, symbol } = slot
  if (fold.bars < warmUp) return { outcome: 'warm-up', reason: `needs ${warmUp} candles` }
  const gale = galeOf(slot, candleTime)
  const wish = gale ?? (signal.direction === 'none' ? undefined : signal)
  if (!wish) return silence

  const entry: Entry = { bot, slot, direction: wish.direction, candleTime, mode }
  const block = blockBy(gale ? entryRules : signalRules, entry)
  if (block) return block

  const { payout } = slot
  if (payout === undefined) return { outcome: 'payout', reason: `no payout is known for ${symbol}` }
  const { minPayout } = slot.config.risk
  if (slot.config.instrument === 'binary' && minPayout !== undefined && exceeds(minPayout, payout)) {
    return { outcome: 'payout', reason: `a payout of ${payout} is less than ${minPayout}` }
  }
  const { level, stake } = nextStake(bot, slot, wish.direction, payout)
  if (exceeds(stake, bot.assignment.maxStake)) {
    return { outcome: 'plan-limit', reason: `a stake of ${stake} is more than the plan's ${bot.assignment.maxStake}` }
  }
  const { maxExposure } = bot.assignment.config.risk
  const exposure = atStake(bot.book, stake)
  if (exceeds(exposure, maxExposure)) {
    return { outcome: 'exposure', reason: `${exposure} at stake would be more than ${maxExposure}` }
  }
  const { capital } = bot.limits
  const overCapital = capitalRefusal({ capital, profit: standingOf(bot.book).profit, stake, exposure })
  if (overCapital) return { outcome: 'exposure', reason: overCapital }
  const { direction, confidence, reason } = wish
  return { outcome: 'traded', reason, intent: { direction, stake, level, confidence, reason } }
}

/**
 * With `next: "candle"` a loss is tried again on the first candle after it, in its own direction, whatever the strategy
 * says; where two ladders lost at once, the later loss (then the CALL) goes and the other waits for its signal.
 */
function galeOf({ config, chain }: Slot, candleTime: number) {
  if (config.martingale.next !== 'candle') return undefined
  const losses = (['call', 'put'] as const).flatMap((direction) => {
    const { level, lastLoss } = ladderOn(chain, config, direction)
    return lastLoss?.direction === direction && lastLoss.closedAt > candleTime ? [{ ...lastLoss, level }] : []
  })
  const [gale] = losses.sort((a, b) => b.closedAt - a.closedAt)
  return (
    gale && { direction: gale.direction, confidence: 0, reason: `${gale.direction} lost: again at level ${gale.level}` }
  )
}

/** The ladder's next stake; a level that the plan no longer allows is a bust, which starts again at the base. */
function nextStake({ assignment }: Bot, slot: Slot, direction: Direction, payout: Decimal) {
  const { config, chain, firstStake } = slot
  const ladder = ladderOn(chain, config, direction)
  if (ladder.level > 0) {
    const stake = stakeFor(config.martingale, config.stake, ladder, payout)
    if (!exceeds(stake, assignment.maxStake)) return { level: ladder.level, stake }
  }
  return { level: 0, stake: firstStake }
}

function exceeds(amount: Decimal, most: Decimal | undefined): boolean {
  return most !== undefined && money.compare(amount, most) > 0
}
