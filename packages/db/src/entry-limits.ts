import { type BotConfig, type Decimal, money, type Outcome, type PlanLimits } from '@sath/core'

/** What counts against an entry, read under the bot's row lock. Amounts in the account's currency. */
export interface EntryFacts {
  readonly plan: Pick<
    PlanLimits,
    'modes' | 'maxStrategies' | 'maxSymbols' | 'maxTradesPerDay' | 'maxCapitalPerTrade' | 'maxCapital'
  >
  /** Trades, entries and manual ones, that were not refused, with a signal on the same UTC day: the plan's day is nobody's to shift. */
  readonly tradesOfUtcDay: number
  /** The same by the day of the bot's time zone. */
  readonly tradesOfDay: number
  /** Stakes of trades that are, or may be, open. */
  readonly atStake: Decimal
  /** Realised profit of the bot's day in which the entry would be; negative: a loss. */
  readonly profitOfDay: Decimal
}

export interface EntryWanted {
  readonly config: BotConfig
  /** Undefined: a manual order. */
  readonly strategyId: string | undefined
  readonly symbol: string
  readonly stake: Decimal
}

export interface EntryRefusal {
  readonly outcome: Outcome
  readonly reason: string
}

/**
 * The limits of plan and owner, checked again where the order is written, so that no bot can get around them. Pure; undefined:
 * allowed. Where the plan has become smaller than the configuration, the strategies and symbols named first keep working.
 */
export function entryRefusal(wanted: EntryWanted, facts: EntryFacts): EntryRefusal | undefined {
  const { config, strategyId, symbol, stake } = wanted
  const { plan, atStake } = facts
  const refuse = (outcome: Outcome, reason: string) => ({ outcome, reason })
  const enabled = config.strategies.filter((strategy) => strategy.enabled)
  const beyond = (most: number | null, index: number) => most !== null && index >= most
  if (!plan.modes.includes(config.mode)) return refuse('plan-limit', `the plan does not allow the mode ${config.mode}`)
  if (strategyId !== undefined) {
    const strategy = enabled.findIndex(({ id }) => id === strategyId)
    if (strategy < 0 || !enabled[strategy]?.symbols.includes(symbol)) {
      return refuse('plan-limit', 'the configuration does not trade this')
    }
    if (beyond(plan.maxStrategies, strategy))
      return refuse('plan-limit', `the plan allows ${plan.maxStrategies} strategies`)
    const symbols = [...new Set(enabled.flatMap((each) => each.symbols))]
    if (beyond(plan.maxSymbols, symbols.indexOf(symbol)))
      return refuse('plan-limit', `the plan allows ${plan.maxSymbols} symbols`)
  }
  const { maxCapitalPerTrade, maxCapital, maxTradesPerDay } = plan
  if (exceeds(stake, maxCapitalPerTrade)) return refuse('plan-limit', `the plan allows ${maxCapitalPerTrade} a trade`)
  const withThis = money.add(atStake, stake)
  if (exceeds(withThis, maxCapital)) return refuse('plan-limit', `the plan allows ${maxCapital} at stake`)
  if (maxTradesPerDay !== null && facts.tradesOfUtcDay >= maxTradesPerDay) {
    return refuse('trades-per-day', `the plan allows ${maxTradesPerDay} trades a day`)
  }
  const { risk } = config
  if (risk.maxTradesPerDay !== undefined && facts.tradesOfDay >= risk.maxTradesPerDay) {
    return refuse('trades-per-day', `the bot may make ${risk.maxTradesPerDay} trades a day`)
  }
  if (exceeds(withThis, risk.maxExposure)) return refuse('exposure', `the bot may have ${risk.maxExposure} at stake`)
  if (
    risk.maxDailyLoss !== undefined &&
    money.compare(money.subtract('0', facts.profitOfDay), risk.maxDailyLoss) >= 0
  ) {
    return refuse('daily-loss', `the bot lost ${risk.maxDailyLoss} today`)
  }
  return undefined
}

function exceeds(value: Decimal, most: Decimal | null | undefined): boolean {
  return most !== null && most !== undefined && money.compare(value, most) > 0
}
