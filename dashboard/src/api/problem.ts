/** One fault of an input: where (dotted path, "" for the whole) and what to do about it. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

/** A refusal of the API, from `application/problem+json`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  /** Stable and kebab-case; "unreachable" when no answer came. */
  readonly code: string
  readonly errors: readonly FieldError[]
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined

  constructor(status: number, code: string, message: string, errors: readonly FieldError[] = [], retryAfter?: number) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
    this.retryAfter = retryAfter
  }
}

/** What went wrong, whatever the server (or a proxy in front of it) answered. `body` is parsed JSON or undefined. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): ApiError {
  const problem = isRecord(body) ? body : {}
  const code = typeof problem.code === 'string' ? problem.code : `http-${status}`
  const said = [problem.detail, problem.title].find((text) => typeof text === 'string' && text !== '')
  const errors = Array.isArray(problem.errors) ? problem.errors.filter(isFieldError) : []
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter)
  return new ApiError(
    status,
    code,
    typeof said === 'string' ? said : fallback(status),
    errors.map((e) => ({ path: normalPath(e.path), message: e.message })),
    Number.isFinite(seconds) ? seconds : undefined,
  )
}

export function unreachable(): ApiError {
  return new ApiError(0, 'unreachable', 'Sath does not answer. Check your connection and try again.')
}

/** The sentence to show for anything that was thrown. */
export function sentence(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong on this page. Reload it and try again.'
  if (error.code === 'rate-limited' && error.retryAfter !== undefined)
    return `${error.message} Try again in ${error.retryAfter} s.`
  return error.message
}

/** Paths come as "strategies.0.stake", "/config/strategies/0/stake" or "strategies[0].stake": always the first form. */
export function normalPath(path: string): string {
  return path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replaceAll('/', '.')
    .replace(/^\.+/, '')
    .replace(/^body\./, '')
    .replace(/^config\./, '')
}

/** Where a plan's limit is changed in the configuration, when the error names the limit and not the field. */
const limitFields: Readonly<Record<string, string>> = {
  maxCapital: 'capital',
  maxTradesPerDay: 'risk.maxTradesPerDay',
  maxStrategies: 'strategies',
  maxSymbols: 'strategies',
  modes: 'mode',
}

export interface PlacedErrors {
  /** First message of each field, by its path. */
  readonly byField: Readonly<Record<string, string>>
  /** Messages that belong to no field of this form. */
  readonly others: readonly string[]
}

/** Puts each error at its field; `has` says whether the form shows a field of that path. */
export function placeErrors(errors: readonly FieldError[], has: (path: string) => boolean): PlacedErrors {
  const byField: Record<string, string> = {}
  const others: string[] = []
  for (const { path, message } of errors) {
    const at = [path, limitFields[path]].find((candidate) => candidate !== undefined && has(candidate))
    if (at === undefined) others.push(path === '' ? message : `${path}: ${message}`)
    else if (byField[at] === undefined) byField[at] = message
  }
  return { byField, others }
}

function fallback(status: number): string {
  if (status >= 500) return 'Sath cannot answer right now. Try again in a moment.'
  return `Sath refused this (${status}).`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isFieldError(value: unknown): value is FieldError {
  return isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string'
}
