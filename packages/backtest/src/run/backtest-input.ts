import { AppError, type BotConfig, type Decimal, type FieldError, isDecimal, money } from '@sath/core'
import { catalogueErrors } from '@sath/engine'

export interface BacktestInput {
  /** As a bot would run it. */
  readonly config: BotConfig
  /** Source of strategies that name none. */
  readonly defaultSource: string
  /** Profit of a won binary option per unit staked, the same for every symbol. */
  readonly payout: Decimal
  /** Distance of the two prices at which one buys and sells, as a fraction of the price; "0" = none. See `PaperTerms`. */
  readonly spread: Decimal
  /** Most the plan allows for one trade; a ladder level above it is a bust. Absent: no limit. */
  readonly maxStake?: Decimal | undefined
}

/** All that is wrong with an input, with the path of its field (those of the configuration as in it); empty when it can run. */
export function checkBacktestInput({ config, payout, spread, maxStake }: BacktestInput): FieldError[] {
  return [
    ...catalogueErrors(config),
    ...outOf('payout', payout, '0.01', '10'),
    ...outOf('spread', spread, '0', '0.5'),
    ...(maxStake === undefined ? [] : outOf('maxStake', maxStake, '0.01', '1000000000')),
  ]
}

/** @throws AppError invalid-request with the errors of checkBacktestInput */
export function assertBacktestInput(input: BacktestInput): void {
  const errors = checkBacktestInput(input)
  if (errors.length > 0) throw new AppError('invalid-request', 'The back-test cannot run', { errors })
}

function outOf(path: string, value: Decimal, least: Decimal, most: Decimal): FieldError[] {
  const fits = isDecimal(value) && money.compare(value, least) >= 0 && money.compare(value, most) <= 0
  return fits ? [] : [{ path, message: `must be a decimal from ${least} to ${most}` }]
}
