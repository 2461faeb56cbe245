import { AppError } from '@sath/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from './caller.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether API tokens reach this call, each by its scope. Absent: none does. */
    readonly openToApiTokens?: boolean
  }
}

/** Opens every call registered in this scope to API tokens, but for those that say otherwise. */
export function openToApiTokens(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    route.config = { openToApiTokens: true, ...route.config }
  })
}

/** Looking needs `read`, everything else `trade`. @throws AppError forbidden */
export function assertReaches({ by }: Caller, { method, routeOptions }: FastifyRequest): void {
  if (by.kind !== 'api-token') return
  if (routeOptions.config.openToApiTokens !== true) throw needsSignIn()
  const looks = method === 'GET' || method === 'HEAD'
  if (!looks && by.scope !== 'trade') throw new AppError('forbidden', 'This API token may read only.')
}

export function needsSignIn(): AppError {
  return new AppError('forbidden', 'An API token cannot do this; sign in.')
}
