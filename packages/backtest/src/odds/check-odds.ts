import { AppError, type FieldError } from '@sath/core'
import { ladders, type OddsInput, plans, roundings } from './odds-input.js'

/** What one field must be; `words` follows "must be". */
interface Rule {
  readonly required: boolean
  readonly words: string
  readonly fits: (value: unknown) => boolean
}

const rules: { readonly [Field in keyof Required<OddsInput>]: Rule } = {
  plan: oneOf(plans),
  ladder: oneOf(ladders),
  capital: number(0.01, 1e9),
  stake: {
    required: true,
    words: 'an amount from 0.01 to 1000000000, or {fraction} of the balance with a fraction from 0.0001 to 1',
    fits: (value) => isNumber(value, 0.01, 1e9) || isFraction(value),
  },
  payout: number(0.01, 10),
  winRate: number(0, 1),
  tieRate: number(0, 0.9),
  maxGales: integer(0, 20),
  cycles: optional(integer(1, 100_000)),
  trades: optional(integer(1, 100_000)),
  stopLoss: optional(number(0, 1e9)),
  takeProfit: optional(number(0.01, 1e12)),
  rounding: oneOf(roundings),
  minStake: optional(number(0.01, 1e9)),
  maxStake: optional(number(0.01, 1e9)),
  seed: integer(0, 0xffff_ffff),
  scenarios: integer(1, 100_000),
}

/** Everything that is wrong with an input: each field on its own first, then, where they are fine, fields beside each other. */
export function checkOdds(input: unknown): FieldError[] {
  if (typeof input !== 'object' || input === null) return [{ path: '', message: 'must be an object' }]
  const given = input as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).filter((path) => !Object.hasOwn(rules, path))
  const single = Object.entries(rules).flatMap(([path, { required, words, fits }]) => {
    const value = given[path]
    if (value === undefined) return required ? [{ path, message: `is missing; must be ${words}` }] : []
    return fits(value) ? [] : [{ path, message: `must be ${words}` }]
  })
  const errors = [...unknown.map((path) => ({ path, message: 'is not a field; remove it' })), ...single]
  return errors.length > 0 ? errors : checkTogether(input as OddsInput)
}

/** @throws AppError invalid-request with the errors of checkOdds */
export function assertOdds(input: unknown): asserts input is OddsInput {
  const errors = checkOdds(input)
  if (errors.length > 0) throw new AppError('invalid-request', 'These odds cannot be computed', { errors })
}

function checkTogether(input: OddsInput): FieldError[] {
  const { capital, winRate, tieRate, cycles, trades, stopLoss, takeProfit, rounding, minStake, maxStake } = input
  const errors: FieldError[] = []
  const say = (wrong: boolean, path: string, message: string) => wrong && errors.push({ path, message })
  say(winRate + tieRate > 1, 'tieRate', `must be at most ${decimals(1 - winRate)}: wins and ties together exceed 1`)
  say(cycles === undefined && trades === undefined, 'cycles', 'is missing; give cycles or trades')
  say(cycles !== undefined && trades !== undefined, 'trades', 'must be left out where cycles are given')
  say(stopLoss !== undefined && stopLoss >= capital, 'stopLoss', `must be a balance below the capital, ${capital}`)
  say(
    takeProfit !== undefined && takeProfit <= capital,
    'takeProfit',
    `must be a balance above the capital, ${capital}`,
  )
  say(
    minStake !== undefined && maxStake !== undefined && minStake > maxStake,
    'minStake',
    `must be at most the largest stake, ${maxStake}`,
  )
  if (rounding === 'cents')
    for (const path of ['minStake', 'maxStake'] as const)
      say(!isWholeCents(input[path] ?? 0), path, 'must be in whole cents where stakes are rounded to cents')
  return errors
}

function number(min: number, max: number): Rule {
  return { required: true, words: `a number from ${min} to ${max}`, fits: (value) => isNumber(value, min, max) }
}

function integer(min: number, max: number): Rule {
  return {
    required: true,
    words: `a whole number from ${min} to ${max}`,
    fits: (value) => Number.isInteger(value) && isNumber(value, min, max),
  }
}

function oneOf(choices: readonly string[]): Rule {
  const fits = (value: unknown) => typeof value === 'string' && choices.includes(value)
  return { required: true, words: `one of ${choices.join(', ')}`, fits }
}

function optional(rule: Rule): Rule {
  return { ...rule, required: false }
}

/** False for NaN, too. */
function isNumber(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max
}

function isFraction(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false
  return isNumber((value as { readonly fraction?: unknown }).fraction, 0.0001, 1)
}

/** Without the noise that a difference of floats has in its last digits. */
function decimals(share: number): number {
  return Number(share.toFixed(12))
}

function isWholeCents(amount: number): boolean {
  return Math.round(amount * 100) / 100 === amount
}
