import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { apiTokenRepository, audit } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { createApiToken } from '../accounts/create-api-token.js'
import { callerOf, signInOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { problems } from '../http/problem.js'
import { apiTokenView } from '../views/api-token-view.js'
import type { Parts } from './parts.js'

/**
 * /users/me/tokens: with what the caller's own programs use the API. An Idempotency-Key is not looked at: the answer that
 * shows a token must not be stored.
 */
export function apiTokenRoutes({ database: { db }, authentication }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('', {
      schema: { summary: 'Lists the API tokens', response: { 200: http.ApiTokens, ...problems } },
      handler: async (request) => {
        const rows = await apiTokenRepository(db, callerOf(request).id).list()
        return { items: rows.map(apiTokenView), nextCursor: null }
      },
    })
    app.post('', {
      schema: {
        summary: 'Makes an API token and shows it this once',
        body: http.NewApiToken,
        response: { 201: http.CreatedApiToken, ...problems },
      },
      handler: async (request, reply) => {
        const { sessionId } = signInOf(request)
        const signIn = { userId: callerOf(request).id, sessionId }
        const { row, token } = await createApiToken(db, signIn, request.body, actorOf(request))
        return reply.code(201).send({ ...apiTokenView(row), token })
      },
    })
    app.delete('/:id', {
      schema: {
        summary: 'Deletes an API token, which ends it at once',
        params: http.IdParams,
        response: { 204: http.Empty, ...problems },
      },
      handler: async (request, reply) => {
        const userId = callerOf(request).id
        const { id } = request.params
        await db.transaction(async (tx) => {
          if (!(await apiTokenRepository(tx, userId).remove(id)))
            throw new AppError('not-found', 'There is no such API token.')
          await audit(tx, actorOf(request), 'token.delete', id)
        })
        authentication.forget(userId)
        return reply.code(204).send()
      },
    })
  }
}
