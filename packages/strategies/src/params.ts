import type { FieldError } from '@sath/core'

/** Values of a strategy's parameters, by name. */
export type Params = Readonly<Record<string, number>>

/** One parameter: enough for a form, a JSON Schema and a check. Bounds are inclusive. */
export interface ParamSpec {
  readonly type: 'integer' | 'number'
  readonly min: number
  readonly max: number
  readonly default: number
  readonly title: string
  readonly description: string
}

export type ParamSpecs<P extends Params = Params> = { readonly [Name in keyof P]: ParamSpec }

/** Every parameter's value: what the subscriber gave, else the default. Expects checked input. */
export function withDefaults<P extends Params>(specs: ParamSpecs<P>, given: Readonly<Record<string, unknown>>): P {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, given[name] ?? spec.default])) as P
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
  const kind = spec.type === 'integer' ? 'a whole number' : 'a number'
  const fits = typeof value === 'number' && value >= spec.min && value <= spec.max
  if (fits && (spec.type === 'number' || Number.isInteger(value))) return undefined
  return `must be ${kind} from ${spec.min} to ${spec.max}`
}

/** JSON Schema (draft 2020-12) of a `params` object, in the order of the specs. Every parameter may be left out. */
export function paramsSchema(specs: ParamSpecs) {
  const properties = Object.fromEntries(
    Object.entries(specs).map(([name, { type, min, max, default: byDefault, title, description }]) => [
      name,
      { type, minimum: min, maximum: max, default: byDefault, title, description },
    ]),
  )
  return { type: 'object', properties, additionalProperties: false } as const
}
