import { http } from '@sath/contracts'
import { AppError, money } from '@sath/core'
import { type Actor, type Db, historyRepository, readConfig, restartBot, saveConfig, startBot, stopBot } from '@sath/db'
import { catalogueErrors, configErrors } from '@sath/engine'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { pageOf } from '../http/page-of.js'
import { problems } from '../http/problem.js'
import { readBotStatus } from '../views/bot-status-view.js'
import type { Parts } from './parts.js'

type Verb = (db: Db, tenantId: string, actor: Actor) => Promise<void>

/** /bot: the caller's own bot. The tenant comes from the token, so no URL can name somebody else's. */
export function botRoutes({ database: { db }, readStatus, liveAllowed }: Parts): FastifyPluginAsyncZod {
  /** Writes the wish and answers with what it changed, in one transaction. */
  const wish = (verb: Verb) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = callerOf(request)
    const status = await idempotently(db, request, async (tx) => {
      await verb(tx, id, actorOf(request))
      return readBotStatus(tx, id)
    })
    return reply.code(202).send(status)
  }
  return async (app) => {
    app.get('/config', {
      schema: { summary: 'Reads the configuration', response: { 200: http.ConfigView, ...problems } },
      handler: async (request) => readConfig(db, callerOf(request).id),
    })
    app.put('/config', {
      schema: {
        summary: 'Saves the configuration; a running bot takes it over',
        body: http.SaveConfigBody,
        response: { 200: http.ConfigView, ...problems },
      },
      handler: async (request) => {
        const errors = catalogueErrors(request.body.config)
        if (errors.length > 0)
          throw new AppError('invalid-request', 'The configuration cannot run.', {
            errors: errors.map(({ path, message }) => ({ path: `config.${path}`, message })),
          })
        const rules = { planCheck: configErrors, liveAllowed }
        return saveConfig(db, callerOf(request).id, actorOf(request), request.body, rules)
      },
    })
    const asked = { body: http.NoBody, response: { 202: http.BotStatus, ...problems } }
    app.post('/start', {
      schema: { summary: 'Starts the bot', ...asked },
      handler: wish((tx, id, actor) => startBot(tx, id, actor, configErrors)),
    })
    app.post('/stop', { schema: { summary: 'Stops the bot', ...asked }, handler: wish(stopBot) })
    app.post('/restart', {
      schema: { summary: 'Stops the bot and starts it again', ...asked },
      handler: wish((tx, id, actor) => restartBot(tx, id, actor, configErrors)),
    })
    app.get('/status', {
      schema: {
        summary: "Reads the bot's state, its run and its last stop",
        response: { 200: http.BotStatus, ...problems },
      },
      handler: async (request) => readStatus(callerOf(request).id),
    })
    app.get('/events', {
      schema: {
        summary: "Lists the events of the bot's runs",
        querystring: http.PageQuery,
        response: { 200: http.listOf(http.BotEvent), ...problems },
      },
      handler: async (request) => historyRepository(db, callerOf(request).id).events(request.query),
    })
    app.get('/accounts', {
      schema: {
        summary: "Lists the balances of the bot's accounts",
        querystring: http.ShortListQuery,
        response: { 200: http.Balances, ...problems },
      },
      handler: async (request) => {
        const accounts = (await historyRepository(db, callerOf(request).id).accounts()).map((row) => ({
          ...row,
          startBalance: money.add(row.startBalance, '0'),
          balance: money.add(row.balance, '0'),
          updatedAt: row.updatedAt.toISOString(),
        }))
        return pageOf(accounts, request.query)
      },
    })
  }
}
