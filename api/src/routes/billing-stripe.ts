import { http } from '@sath/contracts'
import { AppError, freePlan } from '@sath/core'
import { audit, listPlans, userRepository } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../auth/signed-in.js'
import { configured } from '../billing/billing.js'
import { listInvoices } from '../billing/invoices.js'
import { cancelAtPeriodEnd, portalUrl, resume } from '../billing/own-subscription.js'
import { previewEnd, previewMoney } from '../billing/preview.js'
import { soldPlan } from '../billing/sold-plan.js'
import { askStripe } from '../billing/stripe-refusal.js'
import { subscribe } from '../billing/subscribe.js'
import { refresh } from '../billing/sync-customer.js'
import { actorOf } from '../http/actor.js'
import { answeredOnce } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import { planAfter } from '../plan-changes/plan-after.js'
import { previewPlan } from '../plan-changes/preview-plan.js'
import { planEffectsView } from '../views/plan-effects-view.js'
import { stripeSubscriptionView } from '../views/stripe-subscription-view.js'
import type { Parts } from './parts.js'

/** /billing: what moves money. Card data is Stripe's page's alone; here pass only its addresses. */
export function billingStripeRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { publicUrl, log } = parts
  const { db } = parts.database
  return async (app) => {
    app.get('/preview', {
      schema: {
        summary: 'Previews what a change of plan costs and what it does to the bot',
        querystring: http.PreviewQuery,
        response: { 200: http.PlanPreview, ...problems },
      },
      handler: async (request) => {
        const billing = configured(parts.billing)
        const { id } = callerOf(request)
        const { plan: planId, cycle } = request.query
        const plans = await listPlans(db)
        const plan = plans.find((each) => each.id === planId)
        if (!plan)
          throw new AppError('invalid-request', 'No such plan.', {
            errors: [{ path: 'plan', message: 'no such plan' }],
          })
        const cost = await askStripe(() =>
          planId === freePlan
            ? previewEnd(db, billing, id, plan.currency)
            : previewMoney(db, billing, id, { planId, cycle }, plan.trialDays),
        )
        const at = cost.at === null ? Date.now() : Date.parse(cost.at)
        const previewed = await previewPlan(db, id, await planAfter(db, plans, id, planId, at))
        return { plan: planId, cycle, money: cost, effects: planEffectsView(previewed) }
      },
    })
    app.post('/subscribe', {
      schema: {
        summary: 'Starts or changes a subscription; answers with the page to pay on',
        body: http.SubscribeBody,
        response: { 200: http.CheckoutStarted, ...problems },
      },
      handler: async (request) => {
        const billing = configured(parts.billing)
        const { id } = callerOf(request)
        const { plan, cycle } = request.body
        const { trialDays } = await soldPlan(db, plan)
        const user = await userRepository(db).findById(id)
        if (!user) throw new AppError('unauthenticated', 'There is no such user.')
        const wanted = { planId: plan, cycle }
        return answeredOnce(db, request, async () => {
          const checkoutUrl = await askStripe(() => subscribe({ db, billing, publicUrl }, user, wanted, trialDays))
          await audit(db, actorOf(request), 'billing.subscribe', id, { plan, cycle })
          await refresh({ db, billing, log, publicUrl }, id)
          return { checkoutUrl }
        })
      },
    })
    app.post('/portal', {
      schema: { summary: 'Opens the billing portal', body: http.NoBody, response: { 200: http.Portal, ...problems } },
      handler: async (request) => {
        const billing = configured(parts.billing)
        return { url: await askStripe(() => portalUrl(db, billing, callerOf(request).id, `${publicUrl}/billing`)) }
      },
    })
    for (const [url, verb, summary] of [
      ['/cancel', cancelAtPeriodEnd, 'Cancels the subscription at the end of its period'],
      ['/resume', resume, 'Takes the cancellation back'],
    ] as const)
      app.post(url, {
        schema: { summary, body: http.NoBody, response: { 200: http.StripeSubscription.nullable(), ...problems } },
        handler: async (request) => {
          const billing = configured(parts.billing)
          const { id } = callerOf(request)
          await askStripe(() => verb(db, billing, id))
          await audit(db, actorOf(request), `billing${url.replace('/', '.')}`, id)
          await refresh({ db, billing, log, publicUrl }, id)
          return stripeSubscriptionView(db, id, billing.graceDays)
        },
      })
    app.get('/invoices', {
      schema: {
        summary: 'Lists the invoices',
        querystring: http.InvoicesQuery,
        response: { 200: http.listOf(http.Invoice), ...problems },
      },
      handler: async (request) => {
        const billing = configured(parts.billing)
        return askStripe(() => listInvoices(db, billing, callerOf(request).id, request.query))
      },
    })
  }
}
