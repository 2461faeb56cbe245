import { http } from '@sath/contracts'
import { effectivePlan, readPayments, redeemPromo, unfinishedGrants } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../auth/signed-in.js'
import { defaultGraceDays } from '../billing/grant-of-subscription.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import { paymentView } from '../views/payment-view.js'
import { stripeSubscriptionView } from '../views/stripe-subscription-view.js'
import type { Parts } from './parts.js'

/** /billing: the caller's plan and payments, and codes that give one. Works without Stripe. */
export function billingGrantRoutes({ database: { db }, billing, limiter, limits }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/subscription', {
      schema: {
        summary: 'Reads the plan in force and where it comes from',
        response: { 200: http.Subscription, ...problems },
      },
      handler: async (request) => {
        const tenantId = callerOf(request).id
        const [{ id, source, until }, grants, stripe] = await Promise.all([
          effectivePlan(db, tenantId),
          unfinishedGrants(db, tenantId),
          stripeSubscriptionView(db, tenantId, billing?.graceDays ?? defaultGraceDays),
        ])
        return {
          plan: id,
          source,
          until,
          grants: grants.map((grant) => ({ ...grantView(grant), source: grant.source })),
          stripe,
          takesPayments: billing !== undefined,
        }
      },
    })
    app.get('/payments', {
      schema: {
        summary: 'Lists the own payments',
        querystring: http.PaymentsQuery,
        response: { 200: http.listOf(http.Payment), ...problems },
      },
      handler: async (request) => {
        const { from, to } = request.query
        const page = await readPayments(db, { tenantId: callerOf(request).id, from, to }, request.query)
        return { ...page, items: page.items.map(paymentView) }
      },
    })
    app.post('/promo', {
      schema: {
        summary: 'Redeems a promo code',
        body: http.RedeemPromoBody,
        response: { 200: http.Redeemed, ...problems },
      },
      handler: async (request) => {
        const { id: tenantId } = callerOf(request)
        // Codes are short enough to be guessed by whoever may try without end.
        await takeOrRefuse(limiter, `promo:${tenantId}`, limits.promo)
        await takeOrRefuse(limiter, `promo-from:${request.ip}`, 3 * limits.promo)
        return idempotently(db, request, async (tx) => {
          const { plan, grant } = await redeemPromo(tx, tenantId, request.body.code, actorOf(request))
          return { plan: plan.id, source: plan.source, until: plan.until, grant: grantView(grant) }
        })
      },
    })
  }
}

function grantView({ planId, startsAt, endsAt }: { planId: string; startsAt: Date; endsAt: Date | null }) {
  return { plan: planId, startsAt: startsAt.toISOString(), endsAt: endsAt?.toISOString() ?? null }
}
