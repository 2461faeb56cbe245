import { http } from '@sath/contracts'
import { listPlans } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { pageOf } from '../http/page-of.js'
import { problems } from '../http/problem.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import { planView } from '../views/plan-view.js'
import { billingGrantRoutes } from './billing-grants.js'
import { billingStripeRoutes } from './billing-stripe.js'
import type { Parts } from './parts.js'

/** /billing for a signed-in user: what they have; everything with money needs Stripe. */
export function billingRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.register(billingGrantRoutes(parts))
    app.register(billingStripeRoutes(parts))
  }
}

/** /billing for everybody: the price list. */
export function openBillingRoutes({ database: { db }, limiter, limits }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => takeOrRefuse(limiter, `open:${request.ip}`, limits.open))
    app.get('/plans', {
      schema: {
        summary: 'Lists the plans and their prices',
        querystring: http.ShortListQuery,
        response: { 200: http.Plans, ...problems },
      },
      handler: async (request) => pageOf((await listPlans(db)).map(planView), request.query),
    })
  }
}
