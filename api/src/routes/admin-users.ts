import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import {
  type AdminUser,
  adminRepository,
  audit,
  beginErasure,
  type Db,
  grantPlan,
  lockBot,
  type Role,
  userRepository,
} from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Caller } from '../auth/caller.js'
import { hashPassword } from '../auth/passwords.js'
import { assertRole, callerOf } from '../auth/signed-in.js'
import { assertStrong } from '../auth/weak-password.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import type { Parts } from './parts.js'

/** Roles that an admin may give; the others are a superadmin's to give. */
const adminGives: readonly Role[] = ['subscriber', 'support']

/**
 * /admin/users. Support reads, and renews a plan; admins change; nobody but a superadmin touches a superadmin.
 * What somebody is is read under the lock that changes of role take, so nobody becomes untouchable in between.
 */
export function adminUserRoutes({ database: { db }, authentication }: Parts): FastifyPluginAsyncZod {
  const find = async (from: Db, id: string): Promise<AdminUser> => {
    const user = await adminRepository(from).findUser(id)
    if (!user) throw new AppError('not-found', 'There is no such user.')
    return user
  }
  return async (app) => {
    app.get('/users', {
      schema: {
        summary: 'Lists the users',
        querystring: http.AdminUsersQuery,
        response: { 200: http.listOf(http.AdminUser), ...problems },
      },
      handler: async (request) => adminRepository(db).listUsers(request.query, request.query),
    })
    app.post('/users', {
      schema: {
        summary: 'Makes a user',
        body: http.AdminCreateUserBody,
        response: { 201: http.AdminUser, ...problems },
      },
      handler: async (request, reply) => {
        const { email, password, name, role = 'subscriber' } = request.body
        assertRole(callerOf(request), 'admin', 'superadmin')
        assertGives(callerOf(request), role)
        assertStrong(password, email)
        const passwordHash = await hashPassword(password)
        const user = await idempotently(db, request, (outer) =>
          outer.transaction(async (tx) => {
            const created = await userRepository(tx).create({ email, passwordHash, name, role, verified: true })
            if (!created) throw new AppError('in-use', 'There is an account with this address.')
            await audit(tx, actorOf(request), 'admin.user.create', created.id, { role })
            return find(tx, created.id)
          }),
        )
        return reply.code(201).send(user)
      },
    })
    app.get('/users/:id', {
      schema: { summary: 'Reads a user', params: http.IdParams, response: { 200: http.AdminUser, ...problems } },
      handler: async (request) => find(db, request.params.id),
    })
    app.put('/users/:id', {
      schema: {
        summary: "Changes a user's plan, role or access",
        params: http.IdParams,
        body: http.AdminUpdateUserBody,
        response: { 200: http.AdminUser, ...problems },
      },
      handler: async (request) => {
        const { id } = request.params
        const { plan, planDays, isActive, role } = request.body
        const caller = callerOf(request)
        const user = await db.transaction(async (tx) => {
          await lockBot(tx, id)
          const before = await find(tx, id)
          const renewsOnly =
            planDays !== undefined &&
            (plan ?? before.plan) === before.plan &&
            isActive === undefined &&
            role === undefined
          assertRole(caller, ...(renewsOnly ? (['support'] as const) : []), 'admin', 'superadmin')
          assertMayTouch(caller, before)
          if (role !== undefined) assertGives(caller, role)
          if (isActive !== undefined || role !== undefined)
            await adminRepository(tx).updateUser(id, { isActive, role }, actorOf(request))
          if (plan !== undefined || planDays !== undefined) {
            await grantPlan(tx, id, { planId: plan, days: planDays })
            await audit(tx, actorOf(request), 'admin.user.plan', id, { plan, planDays })
          }
          return find(tx, id)
        })
        authentication.forget(id)
        return user
      },
    })
    app.delete('/users/:id', {
      schema: {
        summary: 'Erases a user, once their bot has stopped',
        params: http.IdParams,
        response: { 202: http.Deleting, ...problems },
      },
      handler: async (request, reply) => {
        const { id } = request.params
        assertRole(callerOf(request), 'admin', 'superadmin')
        await db.transaction(async (tx) => {
          await lockBot(tx, id)
          assertMayTouch(callerOf(request), await find(tx, id))
          await beginErasure(tx, id, actorOf(request))
        })
        authentication.forget(id)
        return reply.code(202).send({ status: 'deleting' })
      },
    })
  }
}

function assertMayTouch(caller: Caller, user: AdminUser): void {
  if (user.role === 'superadmin' && caller.role !== 'superadmin')
    throw new AppError('forbidden', 'Only a superadmin may change a superadmin.')
}

function assertGives(caller: Caller, role: Role): void {
  if (caller.role !== 'superadmin' && !adminGives.includes(role))
    throw new AppError('forbidden', 'Only a superadmin may give this role.')
}
