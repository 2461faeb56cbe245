import { z } from 'zod'
import { planSources } from './admin.js'
import { Time } from './common.js'

/** The plan in force; what it allows is in the list of plans. */
export const Subscription = z.object({
  plan: z.string(),
  source: z.enum(planSources),
  /** Null: without end. */
  until: Time.nullable(),
})
