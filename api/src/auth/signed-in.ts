import { AppError } from '@sath/core'
import type { Role } from '@sath/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import type { AccessTokens, Caller } from './access-token.js'
import type { Sessions } from './sessions.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nobody needs to be signed in. */
    caller: Caller | null
  }
}

/** Everything registered in this scope needs a sign-in that still stands, and counts against its user. */
export function requireSignIn(app: FastifyInstance, deps: Deps, tokens: AccessTokens, sessions: Sessions): void {
  app.addHook('onRequest', async (request) => {
    const { sub, sid, exp } = tokens.verify(bearer(request.headers.authorization))
    const session = await sessions.check(sub, sid)
    if (!session) throw new AppError('unauthenticated', 'This sign-in has ended.')
    request.caller = { id: sub, sessionId: sid, role: session.role, expiresAt: exp * 1000 }
    await takeOrRefuse(deps.limiter, `user:${sub}`, deps.limits.user)
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

/** @throws AppError forbidden */
export function assertRole(caller: Caller, ...allowed: readonly Role[]): void {
  if (!allowed.includes(caller.role)) throw new AppError('forbidden', 'Your role does not allow this.')
}
