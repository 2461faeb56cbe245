import { type BacktestInput, checkBacktestInput } from '@sath/backtest'
import {
  type BotConfig,
  type Decimal,
  type FieldError,
  isDecimal,
  type Martingale,
  type MartingalePlan,
  money,
  type Timeframe,
} from '@sath/core'
import { BadInput } from '../bad-input.js'
import { numberOf, pairsOf, timeframeOf } from '../option-values.js'

export interface BacktestOptions {
  readonly candles: string
  readonly strategy: string
  readonly timeframe?: string
  readonly params?: string
  readonly symbol?: string
  readonly martingale: string
  readonly payout: string
  readonly spread: string
  readonly stake: string
  readonly capital: string
  readonly confirm?: string
  readonly control?: string
  readonly json?: true
}

/** The source that the candles of a file are told to be of. */
export const fileSource = 'file'

/**
 * A bot with one strategy, as the options describe it.
 * @throws BadInput naming the option
 */
export function backtestInput(options: BacktestOptions, symbol: string, timeframe: Timeframe): BacktestInput {
  const { strategy, params, confirm } = options
  const config: BotConfig = {
    mode: 'paper',
    onStop: 'keep',
    capital: amountOf('--capital', options.capital),
    risk: {},
    strategies: [
      {
        id: strategy,
        name: strategy,
        enabled: true,
        strategy,
        params: params === undefined ? {} : pairsOf('--params', params),
        symbols: [symbol],
        timeframe,
        instrument: 'binary',
        expiryCandles: 1,
        stake: amountOf('--stake', options.stake),
        martingale: martingaleOf(options.martingale),
        risk: {},
        ...(confirm === undefined ? {} : { confirmTimeframe: timeframeOf('--confirm', confirm) }),
      },
    ],
  }
  const input = {
    config,
    defaultSource: fileSource,
    payout: decimalOf('--payout', options.payout),
    spread: decimalOf('--spread', options.spread),
  }
  const faults = checkBacktestInput(input)
  if (faults.length > 0) throw refusal(faults)
  return input
}

const plans: readonly MartingalePlan[] = ['none', 'classic', 'break-even', 'target']
const ladders: readonly Martingale['ladder'][] = ['single', 'dual']
const nexts: readonly Martingale['next'][] = ['signal', 'candle']
/** Highest level a plan may have, as in a bot's configuration. */
const mostGales = 10

/**
 * A plan and its settings, written as plan,k=v,…; two gales unless it says otherwise.
 * @throws BadInput naming what is wrong
 */
export function martingaleOf(text: string): Martingale {
  const [name = '', ...settings] = text.split(',')
  const given = settings.length === 0 ? {} : pairsOf('--martingale', settings.join(','))
  const { ladder = 'single', next = 'signal', multiplier = 2, gales = 2, ...unknown } = given
  const [odd] = Object.keys(unknown)
  if (odd) throw new BadInput(`--martingale ${odd} is unknown; known are ladder, next, multiplier, gales`)
  if (!(typeof gales === 'number' && Number.isInteger(gales) && gales >= 0 && gales <= mostGales)) {
    throw new BadInput(`--martingale gales must be a whole number from 0 to ${mostGales}, not "${gales}"`)
  }
  if (!(typeof multiplier === 'number' && multiplier >= 1 && multiplier <= 10)) {
    throw new BadInput(`--martingale multiplier must be a number from 1 to 10, not "${multiplier}"`)
  }
  const plan = choiceOf('plan', plans, name)
  return {
    plan,
    ladder: choiceOf('ladder', ladders, ladder),
    next: choiceOf('next', nexts, next),
    multiplier: money.fromFloat(multiplier),
    maxLevel: plan === 'none' ? 0 : gales,
  }
}

/** Random walks to control a back-test with. @throws BadInput naming the option */
export function controlRuns(text: string): number {
  const runs = numberOf('--control', text)
  if (Number.isInteger(runs) && runs >= 1 && runs <= 10_000) return runs
  throw new BadInput(`--control must be a whole number from 1 to 10000, not "${text}"`)
}

function choiceOf<Choice extends string>(name: string, choices: readonly Choice[], text: number | string): Choice {
  const found = choices.find((choice) => choice === text)
  if (found) return found
  throw new BadInput(`--martingale ${name} must be one of ${choices.join(', ')}, not "${text}"`)
}

function decimalOf(option: string, text: string): Decimal {
  if (isDecimal(text)) return text
  throw new BadInput(`${option} must be a decimal number such as 0.85, not "${text}"`)
}

function amountOf(option: string, text: string): Decimal {
  const amount = decimalOf(option, text)
  if (money.isPositive(amount)) return amount
  throw new BadInput(`${option} must be more than nothing, not "${text}"`)
}

function refusal(faults: readonly FieldError[]): BadInput {
  return new BadInput(faults.map(({ path, message }) => `${optionOf(path)}: ${message}`).join('; '))
}

/** What the command line calls a field of the configuration. */
function optionOf(path: string): string {
  const field = path.replace(/^strategies\.0\./, '')
  if (field === 'confirmTimeframe') return '--confirm'
  return field.startsWith('params.') ? `--params ${field.slice('params.'.length)}` : `--${field}`
}
