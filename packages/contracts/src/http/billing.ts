import { grantSources } from '@sath/core'
import { z } from 'zod'
import { planSources } from './admin.js'
import { StripeSubscription } from './billing-stripe.js'
import { Time } from './common.js'

/** The plan in force; what it allows is in the list of plans. */
export const EffectivePlan = z.object({
  plan: z.string(),
  source: z.enum(planSources),
  /** When it may next fall; null: never by itself. */
  until: Time.nullable(),
})
/** What gives a plan, from and until when; null: without end. */
export const Grant = z.object({ plan: z.string(), startsAt: Time, endsAt: Time.nullable() })
/**
 * `grants`: all that run or are still to come, the first to begin first. `stripe`: the subscription there, null when there never
 * was one. `takesPayments`: false where Stripe is not set up.
 */
export const Subscription = EffectivePlan.extend({
  grants: z.array(Grant.extend({ source: z.enum(grantSources) })),
  stripe: StripeSubscription.nullable(),
  takesPayments: z.boolean(),
})
