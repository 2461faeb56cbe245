import type { FieldError } from '@sath/core'

/** Values of a strategy's parameters, by name. */
export type Params = Readonly<Record<string, number | string>>

/** A number to set. Bounds are inclusive. */
export interface NumberParam {
  readonly type: 'integer' | 'number'
  readonly min: number
  readonly max: number
  readonly default: number
  readonly title: string
  readonly description: string
}

/** One of a few words to choose. */
export interface ChoiceParam<Choice extends string = string> {
  readonly type: 'choice'
  readonly choices: readonly Choice[]
  readonly default: Choice
  readonly title: string
  readonly description: string
}

/** One parameter: enough for a form, a JSON Schema and a check. */
export type ParamSpec = NumberParam | ChoiceParam

export type ParamSpecs<P extends Params = Params> = {
  readonly [Name in keyof P]: P[Name] extends number
    ? NumberParam
    : P[Name] extends string
      ? ChoiceParam<P[Name]>
      : ParamSpec
}

/** Every parameter's value: what the subscriber gave, else the default. Expects checked input. */
export function withDefaults<P extends Params>(specs: ParamSpecs<P>, given: Readonly<Record<string, unknown>>): P {
  const entries = Object.entries<ParamSpec>(specs)
  return Object.fromEntries(entries.map(([name, spec]) => [name, given[name] ?? spec.default])) as P
}

/** Faults of each parameter on its own: unknown names, wrong types, values out of range. Paths are parameter names. */
export function specErrors(specs: ParamSpecs, given: Readonly<Record<string, unknown>>): FieldError[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
    const message = spec ? fault(spec, value) : `unknown parameter; known are ${Object.keys(specs).join(', ')}`
    return message ? [{ path: name, message }] : []
  })
}

function fault(spec: ParamSpec, value: unknown): string | undefined {
  if (spec.type === 'choice') {
    const known = typeof value === 'string' && spec.choices.includes(value)
    return known ? undefined : `must be one of ${spec.choices.join(', ')}`
  }
  const kind = spec.type === 'integer' ? 'a whole number' : 'a number'
  const fits = typeof value === 'number' && value >= spec.min && value <= spec.max
  if (fits && (spec.type === 'number' || Number.isInteger(value))) return undefined
  return `must be ${kind} from ${spec.min} to ${spec.max}`
}

/** JSON Schema (draft 2020-12) of a `params` object, in the order of the specs. Every parameter may be left out. */
export function paramsSchema(specs: ParamSpecs) {
  const properties = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, paramSchema(spec)]))
  return { type: 'object', properties, additionalProperties: false } as const
}

function paramSchema(spec: ParamSpec) {
  const { default: byDefault, title, description } = spec
  const words = { default: byDefault, title, description }
  return spec.type === 'choice'
    ? ({ type: 'string', enum: spec.choices, ...words } as const)
    : { type: spec.type, minimum: spec.min, maximum: spec.max, ...words }
}
