import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { audit, credentialRepository, type Db } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import { addKey, removeKey, replaceKey } from '../keys/change-keys.js'
import { aiKeyView, exchangeKeyView } from '../views/key-view.js'
import type { Parts } from './parts.js'

/** /keys: broker and AI keys. They go in sealed and never come out; the gateway alone opens them. */
export function keyRoutes({ database: { db }, sealer }: Parts): FastifyPluginAsyncZod {
  const find = async (from: Db, tenantId: string, id: string, kind: 'exchange' | 'ai') => {
    const row = await credentialRepository(from, tenantId).find(id, kind)
    if (!row) throw new AppError('not-found', 'There is no such key.')
    return row
  }
  return async (app) => {
    app.post('/exchange', {
      schema: {
        summary: 'Stores a broker key',
        body: http.ExchangeKeyBody,
        response: { 201: http.ExchangeKey, ...problems },
      },
      handler: async (request, reply) => {
        const { id: tenantId } = callerOf(request)
        const { broker, environment, label = null, credentials } = request.body
        const key = { kind: 'exchange' as const, provider: broker, environment, label, credentials }
        const view = await idempotently(db, request, async (tx) => {
          const id = await addKey(tx, sealer, actorOf(request), tenantId, key)
          return exchangeKeyView(await find(tx, tenantId, id, 'exchange'))
        })
        return reply.code(201).send(view)
      },
    })
    app.get('/exchange', {
      schema: {
        summary: 'Lists the broker keys',
        querystring: http.PageQuery,
        response: { 200: http.listOf(http.ExchangeKey), ...problems },
      },
      handler: async (request) => {
        const page = await credentialRepository(db, callerOf(request).id).list('exchange', request.query)
        return { ...page, items: page.items.map(exchangeKeyView) }
      },
    })
    app.put('/exchange/:id', {
      schema: {
        summary: 'Replaces the credentials of a broker key',
        params: http.IdParams,
        body: http.ReplaceExchangeKeyBody,
        response: { 200: http.ExchangeKey, ...problems },
      },
      handler: async (request) => {
        const { id: tenantId } = callerOf(request)
        await replaceKey(db, sealer, actorOf(request), tenantId, request.params.id, request.body)
        return exchangeKeyView(await find(db, tenantId, request.params.id, 'exchange'))
      },
    })
    app.delete('/exchange/:id', {
      schema: { summary: 'Removes a broker key', params: http.IdParams, response: { 204: http.Empty, ...problems } },
      handler: async (request, reply) => {
        await removeKey(db, actorOf(request), callerOf(request).id, request.params.id, 'exchange')
        return reply.code(204).send()
      },
    })
    app.post('/ai', {
      schema: { summary: 'Stores an AI key', body: http.AiKeyBody, response: { 201: http.AiKey, ...problems } },
      handler: async (request, reply) => {
        const { id: tenantId } = callerOf(request)
        const { provider, apiKey, label = null } = request.body
        const key = { kind: 'ai' as const, provider, environment: null, label, credentials: { apiKey } }
        const view = await idempotently(db, request, async (tx) => {
          const id = await addKey(tx, sealer, actorOf(request), tenantId, key)
          return aiKeyView(await find(tx, tenantId, id, 'ai'))
        })
        return reply.code(201).send(view)
      },
    })
    app.get('/ai', {
      schema: {
        summary: 'Lists the AI keys',
        querystring: http.PageQuery,
        response: { 200: http.listOf(http.AiKey), ...problems },
      },
      handler: async (request) => {
        const page = await credentialRepository(db, callerOf(request).id).list('ai', request.query)
        return { ...page, items: page.items.map(aiKeyView) }
      },
    })
    app.delete('/ai/:id', {
      schema: { summary: 'Removes an AI key', params: http.IdParams, response: { 204: http.Empty, ...problems } },
      handler: async (request, reply) => {
        await removeKey(db, actorOf(request), callerOf(request).id, request.params.id, 'ai')
        return reply.code(204).send()
      },
    })
    app.post('/test', {
      schema: {
        summary: 'Asks for a test of a key',
        body: http.KeyTestBody,
        response: { 202: http.KeyTestStarted, ...problems },
      },
      handler: async (request, reply) => {
        const { id: tenantId } = callerOf(request)
        const started = await idempotently(db, request, (outer) =>
          outer.transaction(async (tx) => {
            const keys = credentialRepository(tx, tenantId)
            if (!(await keys.find(request.body.id))) throw new AppError('not-found', 'There is no such key.')
            const testId = await keys.requestTest(request.body.id)
            await audit(tx, actorOf(request), 'key.test', request.body.id)
            return { testId }
          }),
        )
        return reply.code(202).send(started)
      },
    })
    app.get('/test/:testId', {
      schema: {
        summary: "Reads the result of a key's test",
        params: http.KeyTestParams,
        response: { 200: http.KeyTest, ...problems },
      },
      handler: async (request) => {
        const test = await credentialRepository(db, callerOf(request).id).findTest(request.params.testId)
        if (!test) throw new AppError('not-found', 'There is no such test.')
        const detail = test.result?.detail
        return { status: testWord(test.status, test.result), detail: typeof detail === 'string' ? detail : null }
      },
    })
  }
}

/** The job's status says whether the test was carried out; its result says whether the key works. */
function testWord(status: string, result: Record<string, unknown> | null): 'pending' | 'ok' | 'failed' {
  if (status === 'queued' || status === 'running') return 'pending'
  return status === 'done' && result?.status === 'ok' ? 'ok' : 'failed'
}
