import { randomInt } from 'node:crypto'
import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { type ComputeKind, type Db, effectivePlan, jobRepository, readConfig } from '@sath/db'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import type { WishFacts } from '../research/backtest-wish.js'
import { jobView, listedJobView } from '../views/job-view.js'
import type { Parts } from './parts.js'

/** GET, GET one and DELETE, which are the same for every kind of job. DELETE cancels what waits or runs and removes the rest. */
export function jobRoutes(kind: ComputeKind, { database: { db } }: Parts): FastifyPluginAsyncZod {
  const [view, words] = kind === 'backtest' ? [http.Backtest, 'back-test'] : [http.Simulation, 'simulation']
  return async (app) => {
    app.get('', {
      schema: {
        summary: `Lists the ${words}s`,
        querystring: http.JobsQuery,
        response: { 200: http.listOf(view), ...problems },
      },
      handler: async (request) => {
        const page = await jobRepository(db, callerOf(request).id, kind).list(request.query, request.query)
        return { ...page, items: page.items.map(listedJobView) }
      },
    })
    app.get('/:id', {
      schema: {
        summary: `Reads a ${words} and its report`,
        params: http.IdParams,
        response: { 200: view, ...problems },
      },
      handler: async (request) => {
        const row = await jobRepository(db, callerOf(request).id, kind).find(request.params.id)
        if (!row) throw new AppError('not-found', 'There is no such job.')
        return jobView(row)
      },
    })
    app.delete('/:id', {
      schema: {
        summary: `Cancels a ${words}, or removes one that has ended`,
        params: http.IdParams,
        response: { 204: http.Empty, ...problems },
      },
      handler: async (request, reply) => {
        const jobs = jobRepository(db, callerOf(request).id, kind)
        if (!(await jobs.cancelOrRemove(actorOf(request), request.params.id)))
          throw new AppError('not-found', 'There is no such job.')
        return reply.code(204).send()
      },
    })
  }
}

/** A seed for who names none. */
export const newSeed = () => randomInt(2 ** 32)

/** Asks for a job: what `inputOf` makes of the request, by what is saved, allowed and stored. */
export async function askForJob(
  kind: ComputeKind,
  { database: { db }, market }: Parts,
  request: FastifyRequest,
  inputOf: (facts: WishFacts) => object,
) {
  const { id: tenantId } = callerOf(request)
  const [{ source }, symbols] = [await market.current(), await market.symbols()]
  return idempotently(db, request, async (tx) => {
    const input = inputOf({ ...(await ownFacts(tx, tenantId)), source, symbols })
    const row = await jobRepository(tx, tenantId, kind).request(actorOf(request), { ...input })
    return jobView(row)
  })
}

async function ownFacts(tx: Db, tenantId: string): Promise<Pick<WishFacts, 'saved' | 'limits'>> {
  const { config } = await readConfig(tx, tenantId)
  const { limits } = await effectivePlan(tx, tenantId)
  return { saved: config, limits }
}
