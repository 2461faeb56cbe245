import type { Grant, Plan, PlanSource, StripeSubscription, Subscription } from '../../api/types.js'
import { day, money } from '../../parts/format.js'
import type { Tone } from '../../parts/tone.js'
import { periods, planName } from './plan-facts.js'

/** What somebody should know about the plan they have, and the one thing to do about it. */
export interface PlanNews {
  readonly tone: Tone
  readonly title: string
  readonly text: string
  /** `resume` takes back what waits for the end of the period; `pay` shows the invoice that is due. */
  readonly action?: 'resume' | 'pay' | 'portal'
}

export const sources: Readonly<Record<PlanSource, string>> = {
  default: 'Free for everybody',
  stripe: 'A subscription',
  promo: 'A promo code',
  payment: 'A payment',
  admin: 'The operator',
}

const soonMs = 7 * 86_400_000

/** Whether Stripe goes on with it: it can be changed, cancelled and paid for. */
export function isGoingOn({ status }: StripeSubscription): boolean {
  return !['canceled', 'incomplete_expired'].includes(status)
}

/** Whether it gives a plan now. */
export function isInForce({ status }: StripeSubscription): boolean {
  return status === 'active' || status === 'trialing'
}

/** The worst first. `now` in epoch ms. */
export function planNews({ stripe, ...mine }: Subscription, plans: readonly Plan[], now: number): readonly PlanNews[] {
  const ofStripe =
    stripe && isGoingOn(stripe)
      ? [due(stripe, plans), ending(stripe, plans), trial(stripe), waiting(stripe, plans)]
      : []
  return [...ofStripe, runningOut(mine, plans, now)].filter((news) => news !== undefined)
}

function due({ status, graceEnd, plan }: StripeSubscription, plans: readonly Plan[]): PlanNews | undefined {
  const name = planName(plans, plan)
  if (status === 'past_due')
    return {
      tone: 'bad',
      title: 'A payment failed.',
      text: `Stripe tries again. ${graceEnd ? `Until ${day(graceEnd)} you keep ${name}; without the payment it ends then.` : `Without it ${name} ends.`}`,
      action: 'pay',
    }
  if (status === 'unpaid')
    return { tone: 'bad', title: 'An invoice is not paid.', text: `Pay it to have ${name} again.`, action: 'pay' }
  if (status === 'incomplete')
    return {
      tone: 'warning',
      title: 'The first payment has not gone through.',
      text: `Finish it to have ${name}.`,
      action: 'pay',
    }
  if (status === 'paused')
    return {
      tone: 'warning',
      title: 'The subscription is paused.',
      text: `Add a card in the billing portal to have ${name} again.`,
      action: 'portal',
    }
  return undefined
}

function ending({ cancelAt, plan }: StripeSubscription, plans: readonly Plan[]): PlanNews | undefined {
  if (cancelAt === null) return undefined
  return {
    tone: 'warning',
    title: 'The subscription is cancelled.',
    text: `${planName(plans, plan)} is paid for and stays until ${day(cancelAt)}. Nothing more is charged.`,
    action: 'resume',
  }
}

function trial({ status, trialEnd, cancelAt, amount, currency, cycle }: StripeSubscription): PlanNews | undefined {
  if (status !== 'trialing' || trialEnd === null || cancelAt !== null) return undefined
  const price =
    amount !== null && currency !== null && cycle !== null
      ? ` Then it costs ${money(amount, currency)} ${periods[cycle]}.`
      : ''
  return { tone: 'info', title: 'Free trial.', text: `It ends on ${day(trialEnd)}.${price}` }
}

function waiting({ paidPlan, plan, cancelAt }: StripeSubscription, plans: readonly Plan[]): PlanNews | undefined {
  if (!paidPlan || cancelAt !== null) return undefined
  const [kept, next] = [planName(plans, paidPlan.plan), planName(plans, plan)]
  return {
    tone: 'info',
    title: `${next} is coming.`,
    text: `${kept} is paid for and stays until ${day(paidPlan.until)}; then you have ${next}.`,
    action: 'resume',
  }
}

/** A plan for days that is about to end, with nothing of the same kind after it. */
function runningOut(
  { plan, source, until, grants }: Omit<Subscription, 'stripe'>,
  plans: readonly Plan[],
  now: number,
): PlanNews | undefined {
  if (until === null || source === 'stripe' || source === 'default') return undefined
  const goesOn = grants.some((grant) => grant.plan === plan && (grant.endsAt === null || grant.endsAt > until))
  if (goesOn || Date.parse(until) - now > soonMs) return undefined
  return { tone: 'warning', title: `${planName(plans, plan)} ends soon.`, text: `It ends on ${day(until)}.` }
}

/** What the user has beside the subscription that is more than this plan, and so stays in force before it. `plans` rise. */
export function staysAbove(grants: readonly Grant[], plans: readonly Plan[], planId: string): Grant | undefined {
  const rank = (id: string) => plans.findIndex((plan) => plan.id === id)
  return grants.find(({ source, plan }) => source !== 'stripe' && rank(plan) > rank(planId))
}
