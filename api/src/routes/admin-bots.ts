import { http } from '@sath/contracts'
import { type Actor, adminRepository, type BotListItem, type Db, releaseHold, stopBotAsAdmin } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { assertRole, callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import { botStatusView, readBotStatus } from '../views/bot-status-view.js'
import type { Parts } from './parts.js'

/** /admin/bots. `{id}` of a bot is its tenant's user id. */
export function adminBotRoutes({ database: { db } }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/bots', {
      schema: {
        summary: 'Lists the bots of everybody',
        querystring: http.AdminBotsQuery,
        response: { 200: http.listOf(http.AdminBot), ...problems },
      },
      handler: async (request) => {
        const page = await adminRepository(db).listBots(request.query, request.query)
        return { items: page.items.map(adminBotView), nextCursor: page.nextCursor }
      },
    })
    app.post('/bots/:id/stop', {
      schema: {
        summary: 'Stops a bot, gracefully or by force, and may hold it',
        params: http.IdParams,
        body: http.AdminStopBody,
        response: { 202: http.BotStatus, ...problems },
      },
      handler: async (request, reply) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        const status = await act(request, request.params.id, (tx, id, actor) =>
          stopBotAsAdmin(tx, id, actor, request.body),
        )
        return reply.code(202).send(status)
      },
    })
    app.post('/bots/:id/release', {
      schema: {
        summary: 'Releases the hold of a bot',
        params: http.IdParams,
        body: http.NoBody,
        response: { 202: http.BotStatus, ...problems },
      },
      handler: async (request, reply) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        return reply.code(202).send(await act(request, request.params.id, releaseHold))
      },
    })
  }

  function act(
    request: Parameters<typeof idempotently>[1],
    id: string,
    verb: (tx: Db, id: string, actor: Actor) => Promise<void>,
  ) {
    return idempotently(db, request, async (tx) => {
      await verb(tx, id, actorOf(request))
      return readBotStatus(tx, id)
    })
  }
}

function adminBotView(row: BotListItem) {
  return { ...botStatusView(row), id: row.tenantId, email: row.email }
}
