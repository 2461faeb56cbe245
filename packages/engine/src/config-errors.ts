import { type BotConfig, type Decimal, type FieldError, money, type PlanLimits, type StrategyConfig } from '@sath/core'
import { worstCase } from './worst-case.js'

/**
 * What the plan refuses in a configuration; empty when it allows all of it. Asked when a configuration is saved, when the
 * bot starts, and by the gateway. Each message begins with the limit's name; paths name the field. A strategy that is
 * switched off is not limited. `capital` is the subscriber's own limit: no ladder may come to stake more than that at once.
 */
export function configErrors(config: BotConfig, limits: PlanLimits): FieldError[] {
  const enabled = config.strategies.filter((strategy) => strategy.enabled)
  const symbols = new Set(enabled.flatMap((strategy) => strategy.symbols)).size
  return [
    ...(limits.modes.includes(config.mode)
      ? []
      : [{ path: 'mode', message: `modes: the plan allows ${limits.modes.join(' and ')}` }]),
    ...above('strategies', 'maxStrategies', enabled.length, limits.maxStrategies),
    ...above('strategies', 'maxSymbols', symbols, limits.maxSymbols),
    ...aboveAmount('capital', 'maxCapital', config.capital, limits.maxCapital),
    ...above('risk.maxTradesPerDay', 'maxTradesPerDay', config.risk.maxTradesPerDay, limits.maxTradesPerDay),
    ...config.strategies.flatMap((strategy, index) =>
      strategy.enabled ? strategyErrors(strategy, `strategies.${index}`, config.capital, limits) : [],
    ),
  ]
}

function strategyErrors(strategy: StrategyConfig, path: string, capital: Decimal, limits: PlanLimits): FieldError[] {
  const { levels, total } = worstCase(strategy)
  const tooHigh = levels.findIndex((stake) => exceeds(stake, limits.maxCapitalPerTrade))
  return [
    ...(tooHigh < 0
      ? []
      : [
          {
            path: `${path}.stake`,
            message: `maxCapitalPerTrade: level ${tooHigh} stakes ${levels[tooHigh]}, the plan allows ${limits.maxCapitalPerTrade}`,
          },
        ]),
    ...(exceeds(total, capital)
      ? [{ path: `${path}.stake`, message: `capital: up to ${total} at stake at once, the capital is ${capital}` }]
      : []),
    ...above(`${path}.risk.maxTradesPerDay`, 'maxTradesPerDay', strategy.risk.maxTradesPerDay, limits.maxTradesPerDay),
    ...(strategy.confirmTimeframe && !limits.multiTimeframe
      ? [{ path: `${path}.confirmTimeframe`, message: 'multiTimeframe: the plan has one timeframe per strategy' }]
      : []),
  ]
}

function above(path: string, limit: string, value: number | undefined, most: number | null): FieldError[] {
  return value !== undefined && most !== null && value > most
    ? [{ path, message: `${limit}: ${value} is more than the plan's ${most}` }]
    : []
}

function aboveAmount(path: string, limit: string, value: Decimal, most: Decimal | null): FieldError[] {
  return exceeds(value, most) ? [{ path, message: `${limit}: ${value} is more than the plan's ${most}` }] : []
}

function exceeds(value: Decimal, most: Decimal | null): boolean {
  return most !== null && money.compare(value, most) > 0
}
