import { dayMs } from '@sath/core'
import type { SubscriptionState } from './subscription-state.js'

/** Days that a plan stays after a payment failed, unless the installation says otherwise. */
export const defaultGraceDays = 7

/** A plan from `startsAt` until just before `endsAt`, epoch ms; null: without end. */
export interface SubscriptionGrant {
  readonly planId: string
  readonly startsAt: number
  readonly endsAt: number | null
}

/**
 * What a subscription entitles to; undefined: to nothing. Of the fetched state alone, never of an event.
 *
 * A payment that failed leaves the plan until the grace is over. A refund changes nothing: who wants to end a plan ends its
 * subscription. A dispute takes the plan until it is won or another invoice is paid.
 *
 * @param graceDays days that the plan stays after the oldest unpaid invoice was made
 * @param now epoch ms
 */
export function grantOfSubscription(
  state: SubscriptionState,
  graceDays: number,
  now: number,
): SubscriptionGrant | undefined {
  if (!state.sold || !entitles(state)) return undefined
  const { cancelAt } = state
  const ends = [cancelAt, graceEnd(state, graceDays)].filter((end) => end !== null)
  const endsAt = ends.length === 0 ? null : Math.min(...ends)
  if (endsAt !== null && endsAt <= now) return undefined
  return { planId: state.sold.planId, startsAt: state.createdAt, endsAt }
}

/** What a downgraded subscription still gives of the plan that was paid for. */
export function keptGrantOf(state: SubscriptionState, graceDays: number, now: number): SubscriptionGrant | undefined {
  const current = grantOfSubscription(state, graceDays, now)
  if (!current || !state.kept || state.kept.until <= now) return undefined
  return {
    planId: state.kept.planId,
    startsAt: state.createdAt,
    endsAt: Math.min(state.kept.until, current.endsAt ?? Infinity),
  }
}

/** Epoch ms; null: nothing is past due. */
export function graceEnd(
  { status, pastDueSince, periodStart, createdAt }: SubscriptionState,
  graceDays: number,
): number | null {
  if (status !== 'past_due') return null
  // Without an open invoice, one that was given up made it past due: that of the present period.
  return (pastDueSince ?? periodStart ?? createdAt) + graceDays * dayMs
}

function entitles({ status, disputed }: SubscriptionState): boolean {
  return ['active', 'trialing', 'past_due'].includes(status) && !disputed
}
