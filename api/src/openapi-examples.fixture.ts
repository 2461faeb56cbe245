/** As much of JSON Schema as our document uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly examples?: readonly unknown[]
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly schema: Schema
}

export interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> }
  readonly security?: unknown[]
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** Words that fit the patterns and names which a schema alone does not explain. */
const words = ['BTCUSDT', 'binance', 'ES', 'es', 'pro', '1.00', '29', '08:00', 'something long enough']
const named: Readonly<Record<string, unknown>> = {
  strategy: 'rsi-reversal',
  timezone: 'UTC',
  credentials: { apiKey: 'abcdefgh', apiSecret: 'x' },
  params: {},
  multiplier: '2.0',
  password: 'correct horse battery',
}

/** A value that the schema allows. */
export function example(document: OpenApi, schema: Schema, name = ''): unknown {
  if (schema.examples) return schema.examples[0]
  if (name in named) return named[name]
  if (schema.$ref)
    return example(document, document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [first] = schema.anyOf ?? []
  if (first) return example(document, first, name)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, example(document, inner, key)]),
      )
    case 'array':
      return schema.items ? [example(document, schema.items, name)] : []
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, schema.exclusiveMinimum === undefined ? 1 : schema.exclusiveMinimum + 1)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return text(schema)
  }
}

function text({ format, pattern }: Schema): string {
  if (format === 'email') return `${crypto.randomUUID()}@example.com`
  if (format === 'uuid') return crypto.randomUUID()
  if (pattern) return words.find((word) => new RegExp(pattern).test(word)) ?? words[0] ?? ''
  return '1.00'
}

/** Every place in a value: the paths to all of its members, at most `depth` deep. */
export function places(value: unknown, depth = 5): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || depth === 0) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...places(inner, depth - 1).map((path) => [key, ...path]),
  ])
}

/** A copy of the value with something else at one place. */
export function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) }
  copy[key] = replaced(copy[key], rest, by)
  return Array.isArray(value) ? Object.values(copy) : copy
}
