import { http } from '@sath/contracts'
import { AppError, type ErrorCode, type FieldError } from '@sath/core'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { isDatabaseAway } from './database-away.js'
import { httpStatus } from './http-status.js'

export const problemType = 'application/problem+json'
const schema = { content: { [problemType]: { schema: http.Problem } } }
/** The answers every call may give, for its schema. */
export const problems = { '4xx': schema, '5xx': schema } as const

/** Fastify's own refusals, in our words. */
const frameworkCodes: Readonly<Record<number, ErrorCode>> = {
  404: 'not-found',
  413: 'payload-too-large',
  414: 'invalid-request',
  415: 'unsupported-media-type',
  503: 'service-unavailable',
}

/** A refusal, whoever it comes from; undefined: a bug of ours. */
export function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error.validation)
  if (isDatabaseAway(error))
    return new AppError('service-unavailable', 'The database does not answer.', { retryAfterSeconds: 5, cause: error })
  const { statusCode, message } = error as Partial<FastifyError>
  if (statusCode === undefined || (statusCode >= 500 && statusCode !== 503) || statusCode < 400) return undefined
  return new AppError(frameworkCodes[statusCode] ?? 'invalid-request', message ?? 'The request is not valid.')
}

/** One fault as the validator names it. */
interface Fault {
  readonly instancePath: string
  readonly message?: string | undefined
  readonly params: Readonly<Record<string, unknown>>
}

function invalid(faults: readonly Fault[]): AppError {
  return new AppError('invalid-request', 'The request is not valid.', { errors: faults.flatMap(errorsOf).slice(0, 50) })
}

/** The validator names an object that has unknown keys, once; we name each key. */
function errorsOf({ instancePath, message, params: { keys } }: Fault): FieldError[] {
  const path = dotted(instancePath)
  if (!Array.isArray(keys)) return [{ path, message: message ?? 'is not valid' }]
  return keys.map((key) => ({ path: path === '' ? `${key}` : `${path}.${key}`, message: 'is not a known field' }))
}

/** "/config/strategies/0" → "config.strategies.0" */
function dotted(pointer: string): string {
  return pointer.replace(/^\//, '').replaceAll('/', '.')
}

/** The error handler of the app: problem+json for everything; what is unexpected is logged once, here, with its stack. */
export function answerWithProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = asAppError(error)
  if (!refusal) {
    request.log.error({ err: error }, 'request failed')
    return sendProblem(reply, 500, 'internal', 'Something went wrong on our side; it has been logged.')
  }
  const status = httpStatus[refusal.code]
  if (status >= 500) request.log.warn({ code: refusal.code, err: refusal.cause }, 'request cannot be served')
  else request.log.info({ code: refusal.code }, 'request refused')
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return sendProblem(reply, status, refusal.code, refusal.message, refusal.errors)
}

function sendProblem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  errors: readonly FieldError[] = [],
): FastifyReply {
  return reply
    .code(status)
    .header('content-type', problemType)
    .serializer(JSON.stringify)
    .send(problem(status, code, detail, errors))
}

export function problem(status: number, code: string, detail: string, errors: readonly FieldError[] = []) {
  const title = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ')
  return {
    type: `urn:sath:problem:${code}`,
    title,
    status,
    code,
    detail,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  }
}
