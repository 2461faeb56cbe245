import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { listPlans } from '@sath/db'
import type { FastifyInstance } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { pageOf } from '../http/page-of.js'
import { problems } from '../http/problem.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import { planView } from '../views/plan-view.js'
import { billingGrantRoutes } from './billing-grants.js'
import type { Parts } from './parts.js'

const unconfigured = [
  ['GET', '/preview'],
  ['POST', '/subscribe'],
  ['POST', '/portal'],
  ['POST', '/cancel'],
  ['POST', '/resume'],
  ['GET', '/invoices'],
] as const

/** /billing for a signed-in user: what they have; everything with money needs Stripe. */
export function billingRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.register(billingGrantRoutes(parts))
    for (const [method, url] of unconfigured) answerUnconfigured(app, method, url)
  }
}

/** /billing for everybody: the price list, and where Stripe calls. */
export function openBillingRoutes({ database: { db }, limiter, limits }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => takeOrRefuse(limiter, `open:${request.ip}`, limits.open))
    app.get('/plans', {
      schema: { querystring: http.ShortListQuery, response: { 200: http.Plans, ...problems } },
      handler: async (request) => pageOf((await listPlans(db)).map(planView), request.query),
    })
    answerUnconfigured(app, 'POST', '/webhook/stripe')
  }
}

function answerUnconfigured(app: FastifyInstance, method: 'GET' | 'POST', url: string): void {
  app.route({
    method,
    url,
    schema: { response: { ...problems } },
    handler: async () => {
      throw new AppError('billing-not-configured', 'This installation has no billing.')
    },
  })
}
