import type { BotConfig, PlanLimits } from './bot-config.js'
import { compare, type Decimal } from './money.js'

/** The limits of a plan that one entry can break by itself, whatever else is open. */
export type EntryLimit = 'modes' | 'maxStrategies' | 'maxSymbols' | 'multiTimeframe' | 'maxCapitalPerTrade'

export interface PlanRefusal {
  /** `config`: the configuration does not trade this at all. */
  readonly limit: EntryLimit | 'config'
  readonly reason: string
}

export interface PlannedEntry {
  readonly config: BotConfig
  /** Undefined: a manual order. */
  readonly strategyId: string | undefined
  readonly symbol: string
  /** In the account's currency. */
  readonly stake: Decimal
}

/**
 * What a plan has against an entry, by the first limit that it breaks; undefined: nothing. Where the plan has become smaller
 * than the configuration, the strategies and symbols named first keep working. The order door asks this under the bot's lock,
 * and the preview of a change of plan asks the same, so that what one says the other does.
 */
export function planRefusal(
  { config, strategyId, symbol, stake }: PlannedEntry,
  plan: Pick<PlanLimits, EntryLimit>,
): PlanRefusal | undefined {
  const refuse = (limit: PlanRefusal['limit'], reason: string) => ({ limit, reason })
  if (!plan.modes.includes(config.mode)) return refuse('modes', `the plan does not allow the mode ${config.mode}`)
  if (strategyId !== undefined) {
    const enabled = config.strategies.filter((strategy) => strategy.enabled)
    const index = enabled.findIndex(({ id }) => id === strategyId)
    const strategy = enabled[index]
    if (!strategy?.symbols.includes(symbol)) return refuse('config', 'the configuration does not trade this')
    if (isBeyond(plan.maxStrategies, index))
      return refuse('maxStrategies', `the plan allows ${counted(plan.maxStrategies, 'strategy', 'strategies')}`)
    const symbols = [...new Set(enabled.flatMap((each) => each.symbols))]
    if (isBeyond(plan.maxSymbols, symbols.indexOf(symbol)))
      return refuse('maxSymbols', `the plan allows ${counted(plan.maxSymbols, 'symbol', 'symbols')}`)
    if (strategy.confirmTimeframe && !plan.multiTimeframe)
      return refuse('multiTimeframe', 'the plan has one timeframe per strategy')
  }
  const { maxCapitalPerTrade } = plan
  return maxCapitalPerTrade !== null && compare(stake, maxCapitalPerTrade) > 0
    ? refuse('maxCapitalPerTrade', `the plan allows ${maxCapitalPerTrade} a trade`)
    : undefined
}

function isBeyond(most: number | null, index: number): boolean {
  return most !== null && index >= most
}

function counted(most: number | null, one: string, many: string): string {
  return `${most} ${most === 1 ? one : many}`
}
