import { z } from 'zod'
import { Amount, Id, ShortListQuery, Time } from './common.js'

export const billingCycles = ['monthly', 'yearly'] as const
/** A plan that is sold, by its id. */
const PlanId = z
  .string()
  .min(1)
  .max(60)
  .meta({ examples: ['pro'] })
const Cycle = z.enum(billingCycles)

/** POST /billing/subscribe. */
export const SubscribeBody = z.strictObject({ plan: PlanId, cycle: Cycle })
/** Where the browser goes next: Stripe's checkout, or our own page when the subscription was changed at once. */
export const CheckoutStarted = z.object({ checkoutUrl: z.url() })
/** POST /admin/payment-links: a checkout for a user, as if they had asked for it. */
export const PaymentLinkBody = SubscribeBody.extend({ userId: Id })
export const PaymentLink = z.object({
  url: z.url(),
  expiresAt: Time,
  /** False: this link was mailed before, or the user's address is not confirmed. */
  mailed: z.boolean(),
})
/** Stripe's portal: cards, receipts, what is due. */
export const Portal = z.object({ url: z.url() })

/** A subscription as Stripe has it. Null for what there is none of. */
export const StripeSubscription = z.object({
  /** Of the next invoice; null: its price is no plan of ours. */
  plan: z.string().nullable(),
  cycle: Cycle.nullable(),
  /** Stripe's word: active, trialing, past_due, unpaid, paused, incomplete, canceled … */
  status: z.string(),
  /** What a period costs. */
  amount: Amount.nullable(),
  currency: z.string().nullable(),
  periodEnd: Time.nullable(),
  /** When it ends, because that was wished for. */
  cancelAt: Time.nullable(),
  trialEnd: Time.nullable(),
  /** Since when an invoice is due. */
  pastDueSince: Time.nullable(),
  /** When the plan goes if what is due is not paid. */
  graceEnd: Time.nullable(),
  /** A higher plan that is paid for and stays until then; after it comes `plan`. */
  paidPlan: z.object({ plan: z.string(), until: Time }).nullable(),
  /** Where the latest invoice can be seen, and paid when it is due. */
  invoiceUrl: z.string().nullable(),
})

export const PreviewQuery = z.strictObject({ plan: PlanId, cycle: Cycle.default('monthly') })
/** What a change of plan would cost, and when. */
export const MoneyPreview = z.object({
  /** `checkout`: there is no subscription yet, so one begins; `none`: it is so already. */
  takesEffect: z.enum(['now', 'period-end', 'checkout', 'none']),
  /** Null: when the checkout is paid, or never. */
  at: Time.nullable(),
  /** Charged at once, after what is left of the present plan was set off. Negative: credit for coming invoices. */
  dueNow: Amount,
  /** What each period costs from then on. */
  recurring: Amount,
  currency: z.string(),
  /** Free days before the first charge. */
  trialDays: z.int(),
})

const Fate = z.enum(['stays', 'partly', 'paused'])
const Resource = z.object({
  before: z.number(),
  after: z.number(),
  /** `live`: in the running container where the engine can; else with the next start. */
  when: z.enum(['unchanged', 'live', 'next-start']),
})
/** What a change of plan would do to the bot as it is now, given what was given in other ways. */
export const PlanEffects = z.object({
  /** A live bot whose plan has no live mode stops and is held until it may trade live again or is saved for paper. */
  held: z.boolean(),
  strategies: z
    .array(
      z.object({
        strategyId: z.string(),
        name: z.string(),
        before: Fate,
        after: Fate,
        reasons: z.array(z.object({ limit: z.string(), reason: z.string() })).readonly(),
        pausedSymbols: z.array(z.string()).readonly(),
        /** The first level of its ladder that the plan no longer allows. */
        bust: z.object({ level: z.int(), stake: Amount }).optional(),
      }),
    )
    .readonly(),
  positions: z
    .array(
      z.object({
        tradeId: z.string(),
        /** Null: opened by hand. */
        strategyId: z.string().nullable(),
        symbol: z.string(),
        fate: z.enum(['kept', 'closed']),
        expiresAt: Time.nullable(),
      }),
    )
    .readonly(),
  memoryMiB: Resource,
  cpu: Resource,
  /** What the plan does to the API tokens there are; null: nothing. */
  apiTokens: z.object({ count: z.int(), message: z.string() }).nullable(),
  /** What must be changed in the configuration before the bot can be started again. */
  beforeNextStart: z.array(z.object({ path: z.string(), message: z.string() })).readonly(),
})
export const PlanPreview = z.object({ plan: z.string(), cycle: Cycle, money: MoneyPreview, effects: PlanEffects })

export const InvoicesQuery = ShortListQuery.extend({
  cursor: z
    .string()
    .regex(/^in_[A-Za-z0-9_]{1,200}$/)
    .meta({ examples: ['in_1'] })
    .optional(),
})
export const Invoice = z.object({
  id: z.string(),
  number: z.string().nullable(),
  /** draft, open, paid, uncollectible, void. */
  status: z.string(),
  total: Amount,
  paid: Amount,
  due: Amount,
  currency: z.string(),
  createdAt: Time,
  /** Stripe's page of it; null: not yet. */
  url: z.string().nullable(),
  pdf: z.string().nullable(),
})
export const WebhookAccepted = z.object({ received: z.literal(true) })
