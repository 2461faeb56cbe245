import { oddsPresets } from '@sath/backtest'
import { http } from '@sath/contracts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { pageOf } from '../http/page-of.js'
import { problems } from '../http/problem.js'
import { simulationWish } from '../research/simulation-wish.js'
import { askForJob, jobRoutes, newSeed } from './jobs.js'
import type { Parts } from './parts.js'

/** /simulations: the odds of a martingale; the caller's own, computed by the worker. */
export function simulationRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('', {
      schema: {
        summary: 'Asks for a simulation of a martingale',
        body: http.SimulationBody,
        response: { 202: http.Simulation, ...problems },
      },
      handler: async (request, reply) => {
        const job = await askForJob('simulation', parts, request, (facts) =>
          simulationWish(request.body, facts, oddsPresets, newSeed),
        )
        return reply.code(202).send(job)
      },
    })
    app.get('/presets', {
      schema: {
        summary: 'Lists ready inputs of a simulation',
        querystring: http.ShortListQuery,
        response: { 200: http.SimulationPresets, ...problems },
      },
      handler: async (request) =>
        pageOf(
          oddsPresets.map(({ input, ...preset }) => ({ ...preset, input: { ...input } })),
          request.query,
        ),
    })
    app.register(jobRoutes('simulation', parts))
  }
}
