import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { adminRepository, audit, editPlan, listPlans, readAudit } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { assertRole, callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { pageOf } from '../http/page-of.js'
import { problems } from '../http/problem.js'
import { planView } from '../views/plan-view.js'
import { adminBotRoutes } from './admin-bots.js'
import { adminPaymentLinkRoutes } from './admin-payment-links.js'
import { adminPaymentRoutes } from './admin-payments.js'
import { adminPromoRoutes } from './admin-promos.js'
import { adminUserRoutes } from './admin-users.js'
import type { Parts } from './parts.js'

/**
 * /admin: for support, admins and superadmins. Every call leaves an audit row before it is answered: a change its own, in
 * its transaction; a look, what was refused and what was asked again with the same key, the one written here.
 */
export function adminRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { db } = parts.database
  return async (app) => {
    app.addHook('onRequest', async (request) => assertRole(callerOf(request), 'support', 'admin', 'superadmin'))
    app.addHook('onSend', async (request, reply) => {
      const looks = request.method === 'GET' || request.method === 'HEAD'
      const refused = reply.statusCode >= 400
      if (!request.caller || !(looks || refused || request.replayed)) return
      const { id, code = null } = (request.params ?? {}) as { id?: string; code?: string | null }
      const action = refused ? 'admin.refused' : looks ? 'admin.look' : 'admin.again'
      const call = `${request.method} ${request.routeOptions.url ?? ''}`
      await audit(db, actorOf(request), action, storable(id ?? code), { call, status: reply.statusCode })
    })
    app.register(adminUserRoutes(parts))
    app.register(adminBotRoutes(parts))
    app.register(adminPromoRoutes(parts))
    app.register(adminPaymentRoutes(parts))
    app.register(adminPaymentLinkRoutes(parts))
    app.get('/stats', {
      schema: { summary: 'Counts users, bots and plans', response: { 200: http.AdminStats, ...problems } },
      handler: async () => adminRepository(db).stats(),
    })
    app.get('/audit', {
      schema: {
        summary: 'Lists who did what and when',
        querystring: http.AuditQuery,
        response: { 200: http.listOf(http.AuditEntry), ...problems },
      },
      handler: async (request) => {
        const page = await readAudit(db, request.query, request.query)
        return {
          ...page,
          items: page.items.map((row) => ({ ...row, actor: row.actorId, time: row.time.toISOString() })),
        }
      },
    })
    app.get('/nodes', {
      schema: {
        summary: 'Lists the nodes that bots run on',
        querystring: http.ShortListQuery,
        response: { 200: http.AdminNodes, ...problems },
      },
      handler: async (request) => pageOf(await adminRepository(db).nodes(), request.query),
    })
    app.get('/plans', {
      schema: {
        summary: 'Lists the plans',
        querystring: http.ShortListQuery,
        response: { 200: http.Plans, ...problems },
      },
      handler: async (request) => pageOf((await listPlans(db)).map(planView), request.query),
    })
    app.put('/plans', {
      schema: { summary: 'Changes a plan', body: http.EditPlanBody, response: { 200: http.Plan, ...problems } },
      handler: async (request) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        const { id, ...edit } = request.body
        const row = await db.transaction(async (tx) => {
          await audit(tx, actorOf(request), 'admin.plan.edit', id, edit)
          return editPlan(tx, id, edit)
        })
        if (!row) throw new AppError('not-found', 'There is no such plan.')
        return planView(row)
      },
    })
  }
}

/** A target that came with a refused request may be anything. */
function storable(text: string | null): string | null {
  return text === null || /[\0\p{Surrogate}]/u.test(text) ? null : text.slice(0, 100)
}
