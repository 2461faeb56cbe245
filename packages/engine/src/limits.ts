import { type BotConfig, type Decimal, money, type StrategyConfig, type Tally, tallyOf } from '@sath/core'

/** Limits of one day, as they are compared at each entry; undefined where there is none. */
export interface DayLimits {
  /** Negative. At this profit or below it nothing is entered. */
  readonly leastProfit: Tally | undefined
  /** At this profit or above it nothing is entered. */
  readonly mostProfit: Tally | undefined
  readonly mostEntries: number | undefined
}

/** Of the whole bot. */
export interface BotLimits extends DayLimits {
  readonly capital: Tally
  /** Loss since the best at which the bot stops to enter. */
  readonly mostDrawdown: Tally | undefined
  /** Profit at which it has done enough. */
  readonly target: Tally | undefined
}

export function dayLimits({ maxDailyLoss, maxDailyProfit, maxTradesPerDay }: DayRisk): DayLimits {
  return {
    leastProfit: optional(maxDailyLoss && money.subtract('0', maxDailyLoss)),
    mostProfit: optional(maxDailyProfit),
    mostEntries: maxTradesPerDay,
  }
}

export function botLimits({ capital, risk }: BotConfig): BotLimits {
  const { stopDrawdownPct, targetProfitPct } = risk
  return {
    ...dayLimits(risk),
    capital: tallyOf(capital),
    mostDrawdown: optional(percentOf(capital, stopDrawdownPct)),
    target: optional(percentOf(capital, targetProfitPct)),
  }
}

type DayRisk = Pick<StrategyConfig['risk'], 'maxDailyLoss' | 'maxDailyProfit' | 'maxTradesPerDay'>

function optional(amount: Decimal | undefined): Tally | undefined {
  return amount === undefined ? undefined : tallyOf(amount)
}

function percentOf(amount: Decimal, percent: number | undefined): Decimal | undefined {
  return percent === undefined ? undefined : money.multiply(amount, money.multiply(money.fromFloat(percent), '0.01'))
}
