import { type BotConfig, type Decimal, money, type StrategyConfig } from '@sath/core'

/** Limits of one day, as they are compared at each entry; undefined where there is none. */
export interface DayLimits {
  /** Negative. At this profit or below it nothing is entered. */
  readonly leastProfit: Decimal | undefined
  /** At this profit or above it nothing is entered. */
  readonly mostProfit: Decimal | undefined
  readonly mostEntries: number | undefined
}

/** Of the whole bot. */
export interface BotLimits extends DayLimits {
  /** Loss since the best at which the bot stops to enter. */
  readonly mostDrawdown: Decimal | undefined
  /** Profit at which it has done enough. */
  readonly target: Decimal | undefined
}

export function dayLimits({ maxDailyLoss, maxDailyProfit, maxTradesPerDay }: DayRisk): DayLimits {
  return {
    leastProfit: maxDailyLoss && money.subtract('0', maxDailyLoss),
    mostProfit: maxDailyProfit,
    mostEntries: maxTradesPerDay,
  }
}

export function botLimits({ capital, risk }: BotConfig): BotLimits {
  const { stopDrawdownPct, targetProfitPct } = risk
  return {
    ...dayLimits(risk),
    mostDrawdown: percentOf(capital, stopDrawdownPct),
    target: percentOf(capital, targetProfitPct),
  }
}

type DayRisk = Pick<StrategyConfig['risk'], 'maxDailyLoss' | 'maxDailyProfit' | 'maxTradesPerDay'>

function percentOf(amount: Decimal, percent: number | undefined): Decimal | undefined {
  return percent === undefined ? undefined : money.multiply(amount, money.multiply(money.fromFloat(percent), '0.01'))
}
