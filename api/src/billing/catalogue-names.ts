import type Stripe from 'stripe'

export const cycles = ['monthly', 'yearly'] as const
export type Cycle = (typeof cycles)[number]

/** What a price of ours is sold as. */
export interface Sold {
  readonly planId: string
  readonly cycle: Cycle
}

export function lookupKeyOf({ planId, cycle }: Sold): string {
  return `sath_${planId}_${cycle}`
}

/**
 * The plan that a price sells; undefined: none of ours. A price that was replaced has lost its lookup key and is still paid by
 * those who subscribed to it: it is known by its metadata.
 */
export function soldBy({ lookup_key, metadata }: Pick<Stripe.Price, 'lookup_key' | 'metadata'>): Sold | undefined {
  const [, planId = metadata.sath_plan, cycle = metadata.sath_cycle] =
    /^sath_(.+)_(monthly|yearly)$/.exec(lookup_key ?? '') ?? []
  return planId !== undefined && isCycle(cycle) ? { planId, cycle } : undefined
}

export function isCycle(word: string | undefined): word is Cycle {
  return word === 'monthly' || word === 'yearly'
}
