import { isTimeframe, type Timeframe, timeframes } from '@sath/core'
import { BadInput } from './bad-input.js'

const plainNumber = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** The number an option was given. @throws BadInput naming the option */
export function numberOf(option: string, text: string): number {
  const value = plainNumber.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return value
  throw new BadInput(`${option} must be a number, not "${text}"`)
}

/** @throws BadInput naming the option */
export function timeframeOf(option: string, text: string): Timeframe {
  const name = text.toUpperCase()
  if (isTimeframe(name)) return name
  throw new BadInput(`${option} must be one of ${timeframes.join(', ')}, not "${text}"`)
}

/**
 * Values written as k=v,k=v: numbers where they look like numbers, text otherwise.
 * @throws BadInput naming the option
 */
export function pairsOf(option: string, text: string): Record<string, number | string> {
  const pairs: Record<string, number | string> = {}
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([A-Za-z][\w-]*)\s*=\s*(.*?)\s*$/.exec(part) ?? []
    if (name === '' || value === '') throw new BadInput(`${option} must look like name=value,…, and "${part}" does not`)
    if (Object.hasOwn(pairs, name)) throw new BadInput(`${option} names ${name} twice`)
    pairs[name] = plainNumber.test(value) ? Number(value) : value
  }
  return pairs
}
