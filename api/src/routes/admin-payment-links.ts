import { http } from '@sath/contracts'
import { AppError, money } from '@sath/core'
import { audit, customerOf, userRepository } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { assertRole, callerOf } from '../auth/signed-in.js'
import { configured } from '../billing/billing.js'
import { ensureCustomer } from '../billing/customers.js'
import { soldPlan } from '../billing/sold-plan.js'
import { askStripe } from '../billing/stripe-refusal.js'
import { offerCheckout } from '../billing/subscribe.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import { paymentLinkMail } from '../mail/letters/payment-link-mail.js'
import { mailOnce, reminderOf } from '../mail/reminders.js'
import type { Parts } from './parts.js'

/** /admin/payment-links: the checkout that a user would get by subscribing, for an admin to send; the user is mailed it once. */
export function adminPaymentLinkRoutes({ database: { db }, billing, publicUrl }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('/payment-links', {
      schema: {
        summary: 'Makes a link to pay for a plan and mails it to the user',
        body: http.PaymentLinkBody,
        response: { 201: http.PaymentLink, ...problems },
      },
      handler: async (request, reply) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        const stripe = configured(billing)
        const { userId, plan: planId, cycle } = request.body
        const plan = await soldPlan(db, planId)
        const user = await userRepository(db).findById(userId)
        if (!user) throw new AppError('not-found', 'There is no such user.')
        if (!user.isActive || user.deletingAt) throw new AppError('account-inactive', 'This account is closed.')
        // Kept whatever comes of the link: a user has one customer ever.
        if (!(await customerOf(db, userId))) await askStripe(() => ensureCustomer(db, stripe, user))
        const link = await idempotently(db, request, async (keyed) => {
          const parts = { db: keyed, billing: stripe, publicUrl }
          const checkout = await askStripe(() => offerCheckout(parts, user, { planId, cycle }, plan.trialDays))
          if (!('url' in checkout))
            throw new AppError('in-use', 'This user has a subscription: its plan is theirs to change, on their page.')
          const { id, url, expiresAt, currency } = checkout
          const amount = (minor: bigint) => money.minorToDecimal(minor, currency)
          const facts = { plan: plan.name, cycle, currency, url, expiresAt }
          const amounts = { price: amount(checkout.priceMinor), due: amount(checkout.dueMinor) }
          const reminder = reminderOf(userId, `payment-link/${id}`, (reader) =>
            paymentLinkMail({ ...facts, ...amounts }, reader),
          )
          return keyed.transaction(async (tx) => {
            const mailed = await mailOnce(tx, reminder, publicUrl)
            await audit(tx, actorOf(request), 'admin.payment-link', userId, { plan: planId, cycle, mailed })
            return { url, expiresAt: expiresAt.toISOString(), mailed }
          })
        })
        return reply.code(201).send(link)
      },
    })
  }
}
