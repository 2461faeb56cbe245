import type { Bot } from './bot.js'
import type { Decided, DecidedIntent } from './decide.js'
import type { Fold } from './fold.js'
import { intentId } from './intent-id.js'
import type { Slot } from './slot.js'

/** A decision with all that is kept of it. */
export interface DecisionRecord extends Omit<Decided, 'intent'> {
  readonly indicators: Record<string, number>
  readonly intent: (DecidedIntent & { readonly intentId: string }) | null
  /** The checkpoint after the decided candle, a copy of its own. */
  readonly state: Fold
}

/** What to keep of a decision. Ask before the bot's next candle. */
export function decisionRecord(bot: Bot, decided: Decided): DecisionRecord {
  const { strategyId, symbol, candleTime, intent } = decided
  return {
    ...decided,
    indicators: indicatorsOf(bot, decided),
    intent: intent && { intentId: intentId(bot.tenantId, strategyId, symbol, candleTime), ...intent },
    state: checkpointOf(bot, decided),
  }
}

/** The strategy's checkpoint as of the last candle, a copy of its own. */
export function checkpointOf(bot: Bot, decided: Pick<Decided, 'strategyId' | 'symbol'>): Fold {
  return structuredClone(slotOf(bot, decided).fold)
}

/** The strategy's indicators as of the last candle, by name; empty before they have values. */
export function indicatorsOf(bot: Bot, decided: Pick<Decided, 'strategyId' | 'symbol'>): Record<string, number> {
  const { strategy, fold } = slotOf(bot, decided)
  return strategy.indicators(fold.strategy)
}

function slotOf({ slots }: Bot, { strategyId, symbol }: Pick<Decided, 'strategyId' | 'symbol'>): Slot {
  const slot = slots.find(({ config, symbol: its }) => config.id === strategyId && its === symbol)
  if (!slot) throw new Error(`The bot does not run ${strategyId} on ${symbol}`)
  return slot
}
