import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { type PresetRow, presetRepository } from '@sath/db'
import { presets as builtIn, checkParams, checkTimeframe } from '@sath/strategies'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { callerOf } from '../auth/signed-in.js'
import { idempotently } from '../http/idempotent.js'
import { pageOf } from '../http/page-of.js'
import { problems } from '../http/problem.js'
import { invalid } from '../research/wished-config.js'
import type { Parts } from './parts.js'

/** /presets: ready settings of strategies, the ones everybody has and the caller's own. */
export function presetRoutes({ database: { db } }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('', {
      schema: {
        summary: 'Lists the presets, built-in and own',
        querystring: http.ShortListQuery,
        response: { 200: http.listOf(http.Preset), ...problems },
      },
      handler: async (request) => {
        const own = (await presetRepository(db, callerOf(request).id).list()).map(ownView)
        return pageOf([...builtIn.map(builtInView), ...own], request.query)
      },
    })
    app.post('', {
      schema: { summary: 'Saves a preset', body: http.PresetBody, response: { 201: http.Preset, ...problems } },
      handler: async (request, reply) => {
        const preset = checked(request.body)
        const view = await idempotently(db, request, async (tx) =>
          ownView(await presetRepository(tx, callerOf(request).id).add(preset)),
        )
        return reply.code(201).send(view)
      },
    })
    app.put('/:id', {
      schema: {
        summary: 'Replaces a preset',
        params: http.IdParams,
        body: http.PresetBody,
        response: { 200: http.Preset, ...problems },
      },
      handler: async (request) => {
        const presets = presetRepository(db, callerOf(request).id)
        const row = await presets.replace(request.params.id, checked(request.body))
        if (!row) throw new AppError('not-found', 'There is no such preset.')
        return ownView(row)
      },
    })
    app.delete('/:id', {
      schema: { summary: 'Removes a preset', params: http.IdParams, response: { 204: http.Empty, ...problems } },
      handler: async (request, reply) => {
        if (!(await presetRepository(db, callerOf(request).id).remove(request.params.id)))
          throw new AppError('not-found', 'There is no such preset.')
        return reply.code(204).send()
      },
    })
  }
}

/** @throws AppError invalid-request when the strategy could not run with it */
function checked({ summary = '', ...preset }: z.output<typeof http.PresetBody>) {
  const { strategy, params, timeframe } = preset
  const faults = checkParams(strategy, params).map(({ path, message }) => ({
    path: path === '' ? 'strategy' : `params.${path}`,
    message,
  }))
  faults.push(...checkTimeframe(strategy, timeframe))
  if (faults.length > 0) throw invalid(faults)
  return { ...preset, summary }
}

type PresetView = z.input<typeof http.Preset>

function ownView({ id, name, summary, strategy, params, timeframe, createdAt, updatedAt }: PresetRow): PresetView {
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() }
  return { id, name, summary, builtIn: false, strategy, params, timeframe, ...times }
}

function builtInView({ id, name, summary, strategy, params, timeframe }: (typeof builtIn)[number]): PresetView {
  return { id, name, summary, builtIn: true, strategy, params, timeframe, createdAt: null, updatedAt: null }
}
