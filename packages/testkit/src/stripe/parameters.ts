/** Readers of request parameters. Each is strict: what Stripe would refuse is refused, with Stripe's code and words. */
import type { Raw, RawObject } from './form.js'
import { invalid } from './stripe-fault.js'

export interface Reader<T> {
  /** `path` is how Stripe names the parameter, such as `items[0][price]`. `raw` is undefined when it was not sent. */
  read(raw: Raw | undefined, path: string): T
}

export type Shape = Readonly<Record<string, Reader<unknown>>>
export type Params<S extends Shape> = { readonly [K in keyof S]: S[K] extends Reader<infer T> ? T : never }

/** A leaf: absent is undefined, a group is refused, an empty text is refused as Stripe does for what cannot be unset. */
function leaf<T>(parse: (value: string, path: string) => T): Reader<T | undefined> {
  return {
    read(raw, path) {
      if (raw === undefined) return undefined
      if (typeof raw !== 'string') throw invalid(`Invalid ${path}`, { param: path })
      if (raw === '') {
        throw invalid(
          `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however '${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`,
          { code: 'parameter_invalid_empty', param: path },
        )
      }
      return parse(raw, path)
    },
  }
}

export const text = leaf((value) => value)

export const integer = leaf((value, path) => {
  if (!/^-?\d{1,15}$/.test(value)) {
    throw invalid(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param: path })
  }
  return Number(value)
})

export const flag = leaf((value, path) => {
  if (value !== 'true' && value !== 'false') throw invalid(`Invalid boolean: ${value}`, { param: path })
  return value === 'true'
})

export function oneOf<const V extends string>(...values: readonly V[]): Reader<V | undefined> {
  return leaf((value, path) => {
    const found = values.find((candidate) => candidate === value)
    if (found === undefined) throw invalid(`Invalid ${path}: must be one of ${values.join(', ')}`, { param: path })
    return found
  })
}

export function required<T>(reader: Reader<T>): Reader<NonNullable<T>> {
  return {
    read(raw, path) {
      const value = reader.read(raw, path)
      if (value === undefined || value === null) {
        throw invalid(`Missing required param: ${path}.`, { code: 'parameter_missing', param: path })
      }
      return value
    },
  }
}

/** May also be the empty text, which unsets. */
export function clearable<T>(reader: Reader<T>): Reader<T | ''> {
  return { read: (raw, path) => (raw === '' ? '' : reader.read(raw, path)) }
}

/** The first reader that takes it. */
export function either<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return {
    read(raw, path) {
      try {
        return first.read(raw, path)
      } catch {
        return second.read(raw, path)
      }
    },
  }
}

export function object<S extends Shape>(shape: S): Reader<Params<S> | undefined> {
  return {
    read(raw, path) {
      if (raw === undefined) return undefined
      if (typeof raw === 'string') throw invalid('Invalid object', { param: path })
      return readShape(shape, raw, path)
    },
  }
}

export function list<T>(item: Reader<T>): Reader<readonly NonNullable<T>[] | undefined> {
  return {
    read(raw, path) {
      if (raw === undefined) return undefined
      if (typeof raw === 'string') throw invalid('Invalid array', { param: path })
      return Object.entries(raw).map(([index, value]) => required(item).read(value, `${path}[${index}]`))
    },
  }
}

/** Text by key; an empty value takes the key away, an empty text for the whole takes all away. */
export const metadata: Reader<Readonly<Record<string, string>> | '' | undefined> = {
  read(raw, path) {
    if (raw === undefined || raw === '') return raw
    if (typeof raw === 'string') throw invalid('Invalid object', { param: path })
    const entries = Object.entries(raw)
    if (entries.length > 50) throw invalid('Metadata can have at most 50 keys', { param: path })
    for (const [key, value] of entries) {
      if (typeof value !== 'string') throw invalid('Metadata values must be strings', { param: `${path}[${key}]` })
      if (key.length > 40 || value.length > 500) {
        throw invalid('Metadata keys have up to 40 characters, values up to 500', { param: `${path}[${key}]` })
      }
    }
    return Object.fromEntries(entries) as Record<string, string>
  },
}

/** @throws StripeFault `parameter_unknown` for a name outside the shape, and what the readers throw */
export function readShape<S extends Shape>(shape: S, raw: RawObject, path = ''): Params<S> {
  const named = (key: string) => (path === '' ? key : `${path}[${key}]`)
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(shape, key)) {
      throw invalid(`Received unknown parameter: ${named(key)}`, { code: 'parameter_unknown', param: named(key) })
    }
  }
  const read = Object.entries(shape).map(([key, reader]) => [key, reader.read(raw[key], named(key))])
  return Object.fromEntries(read) as Params<S>
}

/** The metadata after a change. */
export function mergeMetadata(
  before: Readonly<Record<string, string>> | null,
  change: Readonly<Record<string, string>> | '' | undefined,
): Record<string, string> {
  if (change === '') return {}
  const merged = { ...before, ...change }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
}
