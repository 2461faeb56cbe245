import { AppError } from '@sath/core'
import type { Role } from '@sath/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import { assertReaches, needsSignIn } from './api-token-reach.js'
import type { Authentication } from './authentication.js'
import type { Caller, SignIn } from './caller.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nobody needs to be signed in. */
    caller: Caller | null
  }
}

/**
 * Everything registered in this scope needs a sign-in that still stands, or an API token where it is open to them, and counts
 * against its user.
 */
export function requireSignIn(
  app: FastifyInstance,
  { limiter, limits }: Pick<Deps, 'limiter' | 'limits'>,
  { authenticate }: Authentication,
): void {
  app.addHook('onRequest', async (request) => {
    const caller = await authenticate(bearer(request.headers.authorization), request.ip)
    request.caller = caller
    await takeOrRefuse(limiter, `user:${caller.id}`, limits.user)
    assertReaches(caller, request)
  })
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, security: [{ bearer: [] }] }
  })
}

export function bearer(header: string | undefined): string {
  return /^Bearer ([\w.~+/=-]{1,4000})$/i.exec(header ?? '')?.[1] ?? ''
}

/** The caller, in a scope that requires one. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('this route is registered outside of the signed-in scope')
  return request.caller
}

/** The caller's sign-in. @throws AppError forbidden, to an API token */
export function signInOf(request: FastifyRequest): SignIn {
  const { by } = callerOf(request)
  if (by.kind !== 'sign-in') throw needsSignIn()
  return by
}

/** @throws AppError forbidden */
export function assertRole(caller: Caller, ...allowed: readonly Role[]): void {
  if (!allowed.includes(caller.role)) throw new AppError('forbidden', 'Your role does not allow this.')
}
