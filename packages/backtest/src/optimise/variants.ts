import type { FieldError } from '@sath/core'
import type { ParamSpec, ParamSpecs, Params } from '@sath/strategies'
import { sfc32 } from '../odds/random.js'

/**
 * What to try of one parameter: a list, or from … to (inclusive) in steps; without a step, 1 for whole numbers and a tenth of
 * the range for others.
 */
export type ParamRange =
  | readonly (number | string)[]
  | { readonly from: number; readonly to: number; readonly step?: number | undefined }

const mostValues = 1_000

/** Faults of the ranges on their own, one per parameter at most. Paths are `ranges.` and the parameter's name. */
export function rangeErrors(specs: ParamSpecs, ranges: Readonly<Record<string, ParamRange>>): FieldError[] {
  if (Object.keys(ranges).length === 0) return [{ path: 'ranges', message: 'must name at least one parameter' }]
  return Object.entries(ranges).flatMap(([name, range]) => {
    const message = fault(specs, name, range)
    return message ? [{ path: `ranges.${name}`, message }] : []
  })
}

function fault(specs: ParamSpecs, name: string, range: ParamRange): string | undefined {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
  if (!spec) return `unknown parameter; known are ${Object.keys(specs).join(', ')}`
  if ('from' in range) {
    const { from, to, step = 1 } = range
    if (spec.type === 'choice') return `must be a list of ${spec.choices.join(', ')}`
    if (!(from <= to) || !(step > 0)) return 'must go upwards, in steps above 0'
    if ((to - from) / stepOf(spec, range) >= mostValues) return `has more than ${mostValues} values`
  }
  const values = valuesOf(spec, range)
  if (values.length === 0) return 'must have a value'
  const wrong = values.find((value) => !fits(spec, value))
  return wrong === undefined ? undefined : `${wrong} is not ${words(spec)}`
}

function fits(spec: ParamSpec, value: number | string): boolean {
  if (spec.type === 'choice') return typeof value === 'string' && spec.choices.includes(value)
  const inside = typeof value === 'number' && value >= spec.min && value <= spec.max
  return inside && (spec.type === 'number' || Number.isInteger(value))
}

function words(spec: ParamSpec): string {
  if (spec.type === 'choice') return `one of ${spec.choices.join(', ')}`
  return `${spec.type === 'integer' ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max}`
}

function stepOf(spec: ParamSpec, { from, to, step }: Exclude<ParamRange, readonly unknown[]>): number {
  return step ?? (spec.type === 'integer' || from === to ? 1 : (to - from) / 10)
}

/** Each value once, in the order given. */
function valuesOf(spec: ParamSpec, range: ParamRange): (number | string)[] {
  if (!('from' in range)) return [...new Set(range)]
  const step = stepOf(spec, range)
  // The last one is inside in spite of rounding, and none shows a tail of it.
  const count = Math.floor((range.to - range.from) / step + 1e-9) + 1
  return Array.from({ length: count }, (_, index) => Number((range.from + index * step).toPrecision(12)))
}

interface Axis {
  readonly name: string
  readonly values: readonly (number | string)[]
}

function axesOf(specs: ParamSpecs, ranges: Readonly<Record<string, ParamRange>>): Axis[] {
  return Object.entries(ranges).flatMap(([name, range]) => {
    const spec = specs[name]
    return spec ? [{ name, values: valuesOf(spec, range) }] : []
  })
}

/** Number of combinations, whether or not the strategy allows each. */
export function combinations(specs: ParamSpecs, ranges: Readonly<Record<string, ParamRange>>): number {
  return axesOf(specs, ranges).reduce((product, { values }) => product * values.length, 1)
}

export interface Variants {
  /** In the order in which they are tried, each once. */
  readonly tried: readonly Params[]
  /** Combinations that the strategy does not allow, such as a fast average slower than the slow one. */
  readonly refused: number
}

/** Whether the strategy can run with a combination. */
export type Allows = (params: Params) => boolean

/** Every combination, the last parameter fastest. Expects ranges without errors. */
export function gridVariants(
  specs: ParamSpecs,
  ranges: Readonly<Record<string, ParamRange>>,
  allows: Allows,
): Variants {
  const all = axesOf(specs, ranges).reduce<Params[]>(
    (variants, { name, values }) =>
      variants.flatMap((variant) => values.map((value) => ({ ...variant, [name]: value }))),
    [{}],
  )
  const tried = all.filter(allows)
  return { tried, refused: all.length - tried.length }
}

/**
 * Up to `count` different allowed combinations, the same for the same seed: fewer where there are no more, or where chance
 * has not found them in 50 draws for each.
 */
export function randomVariants(
  specs: ParamSpecs,
  ranges: Readonly<Record<string, ParamRange>>,
  allows: Allows,
  { count, seed }: { readonly count: number; readonly seed: number },
): Variants {
  if (combinations(specs, ranges) <= count) return gridVariants(specs, ranges, allows)
  const axes = axesOf(specs, ranges)
  const random = sfc32()
  random.begin(seed, 0)
  const drawn = new Set<string>()
  const tried: Params[] = []
  for (let draw = 0; draw < 50 * count && tried.length < count; draw++) {
    const entries = axes.map(({ name, values }): [string, number | string] => {
      const index = Math.floor((random.next() / 2 ** 32) * values.length)
      return [name, values[index] as number | string]
    })
    const key = JSON.stringify(entries)
    if (drawn.has(key)) continue
    drawn.add(key)
    const params = Object.fromEntries(entries)
    if (allows(params)) tried.push(params)
  }
  return { tried, refused: drawn.size - tried.length }
}
