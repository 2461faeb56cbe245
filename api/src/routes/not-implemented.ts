import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import type { FastifyInstance } from 'fastify'
import { problems } from '../http/problem.js'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Calls of the contract whose part of Sath is still to come; they say so. */
export const adminNotImplemented = [
  ['GET', '/promo-codes'],
  ['POST', '/promo-codes'],
  ['PUT', '/promo-codes'],
  ['POST', '/payments'],
] as const satisfies readonly (readonly [Method, string])[]

export function answerNotImplemented(app: FastifyInstance, calls: readonly (readonly [Method, string])[]): void {
  for (const [method, url] of calls)
    app.route({
      method,
      url,
      schema: { ...(url.endsWith(':id') ? { params: http.IdParams } : {}), response: { ...problems } },
      handler: async () => {
        throw new AppError('not-implemented', 'Sath cannot do this yet.')
      },
    })
}
