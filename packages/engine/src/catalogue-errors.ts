import { type BotConfig, type FieldError, money, type StrategyConfig, timeframeMs } from '@sath/core'
import { checkParams, checkTimeframe } from '@sath/strategies'
import { needsPayout } from './stake.js'
import { isTimezone } from './trading-hours.js'

const anyZone = 'must be an IANA time zone such as "Europe/Madrid"'

/**
 * What no plan would allow, because it could not run: unknown strategies, parameters out of range, a timeframe the strategy
 * is not for, a confirming one that is not longer, a stake below a cent. Empty when the configuration can run. Expects the shape of a configuration.
 */
export function catalogueErrors(config: BotConfig): FieldError[] {
  const errors = config.strategies.flatMap((strategy, index) =>
    strategyErrors(strategy).map(({ path, message }) => ({ path: `strategies.${index}.${path}`, message })),
  )
  if (config.timezone !== undefined && !isTimezone(config.timezone)) errors.push({ path: 'timezone', message: anyZone })
  return errors
}

function strategyErrors(strategy: StrategyConfig): FieldError[] {
  const { confirmTimeframe, timeframe, stake, instrument, martingale, risk, tradingHours } = strategy
  const errors = checkParams(strategy.strategy, strategy.params).map(({ path, message }) => ({
    path: path === '' ? 'strategy' : `params.${path}`,
    message,
  }))
  errors.push(...checkTimeframe(strategy.strategy, timeframe))
  if (confirmTimeframe && timeframeMs(confirmTimeframe) <= timeframeMs(timeframe)) {
    errors.push({ path: 'confirmTimeframe', message: `must be longer than the timeframe ${timeframe}` })
  }
  if (money.compare(stake, '0.01') < 0) errors.push({ path: 'stake', message: 'must be at least 0.01' })
  if (instrument === 'spot' && needsPayout(martingale) && risk.takeProfitPct === undefined) {
    errors.push({
      path: 'risk.takeProfitPct',
      message: `the plan ${martingale.plan} needs it on spot: it is the payout`,
    })
  }
  if (tradingHours && !isTimezone(tradingHours.timezone)) {
    errors.push({ path: 'tradingHours.timezone', message: anyZone })
  }
  return errors
}
