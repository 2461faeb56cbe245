import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { audit, beginErasure, effectivePlan, type User, userRepository } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { problems } from '../http/problem.js'
import type { Parts } from './parts.js'

/** /users/me: the caller's own account. */
export function userRoutes({ database: { db }, authentication }: Parts): FastifyPluginAsyncZod {
  const view = async (user: User | undefined) => {
    if (!user) throw new AppError('not-found', 'There is no such account.')
    const { id, name, until } = await effectivePlan(db, user.id)
    return { ...user, createdAt: user.createdAt.toISOString(), plan: { id, name, until } }
  }
  return async (app) => {
    app.get('/me', {
      config: { openToApiTokens: true },
      schema: { summary: 'Reads the own account', response: { 200: http.Profile, ...problems } },
      handler: async (request) => view(await userRepository(db).findById(callerOf(request).id)),
    })
    app.put('/me', {
      schema: {
        summary: 'Changes the own account',
        body: http.ProfileBody,
        response: { 200: http.Profile, ...problems },
      },
      handler: async (request) => {
        const { id } = callerOf(request)
        const { name, country, locale } = request.body
        const profile = {
          ...(name === undefined ? {} : { name }),
          ...(country === undefined ? {} : { country }),
          ...(locale === undefined ? {} : { locale }),
        }
        const user = await db.transaction(async (tx) => {
          await audit(tx, actorOf(request), 'user.update', id, { fields: Object.keys(profile) })
          return userRepository(tx).updateProfile(id, profile)
        })
        return view(user)
      },
    })
    app.delete('/me', {
      schema: { summary: 'Stops the bot, then erases the account', response: { 202: http.Deleting, ...problems } },
      handler: async (request, reply) => {
        const { id } = callerOf(request)
        await beginErasure(db, id, actorOf(request))
        authentication.forget(id)
        return reply.code(202).send({ status: 'deleting' })
      },
    })
  }
}
