import { http } from '@sath/contracts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { problems } from '../http/problem.js'
import { backtestWish } from '../research/backtest-wish.js'
import { askForJob, jobRoutes, newSeed } from './jobs.js'
import type { Parts } from './parts.js'

/** /backtests: the caller's own, computed by the worker. */
export function backtestRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('', {
      schema: {
        summary: 'Asks for a back-test',
        body: http.BacktestBody,
        response: { 202: http.Backtest, ...problems },
      },
      handler: async (request, reply) => {
        const job = await askForJob('backtest', parts, request, (facts) => backtestWish(request.body, facts, newSeed))
        return reply.code(202).send(job)
      },
    })
    app.register(jobRoutes('backtest', parts))
  }
}
