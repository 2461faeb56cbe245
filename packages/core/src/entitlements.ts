import type { PlanLimits } from './bot-config.js'

export const grantSources = ['admin', 'stripe', 'promo', 'payment'] as const
export type GrantSource = (typeof grantSources)[number]
/** Where a plan in force comes from; `default`: from no grant, so it is the free plan. */
export type PlanSource = GrantSource | 'default'

/** The plan of everybody without a grant. */
export const freePlan = 'free'

/** What gives a tenant a plan, from `startsAt` until just before `endsAt`; epoch ms UTC, null: without end. */
export interface PlanGrant {
  readonly id: string
  readonly source: GrantSource
  readonly planId: string
  readonly startsAt: number
  readonly endsAt: number | null
}

export interface RankedPlan {
  readonly id: string
  /** A higher rank is more of a plan. */
  readonly rank: number
  readonly limits: PlanLimits
}

export interface Entitlements {
  readonly id: string
  readonly source: PlanSource
  /** When the plan in force may next fall, epoch ms; null: never by itself. */
  readonly until: number | null
  readonly limits: PlanLimits
}

/**
 * The plan a tenant has at `now`: that of the highest-ranked grant that runs; of equals the one that ends last. Grants that
 * follow each other without a gap, at this rank or above, count as one for `until`. The database's function `plan_in_force`
 * says the same in SQL, and a property holds the two together.
 *
 * @throws Error when a grant or nobody's plan is not among `plans`
 */
export function entitlements({
  plans,
  grants,
  now,
}: {
  readonly plans: readonly RankedPlan[]
  readonly grants: readonly PlanGrant[]
  readonly now: number
}): Entitlements {
  const plan = (id: string): RankedPlan => {
    const found = plans.find((each) => each.id === id)
    if (!found) throw new Error(`no plan ${id}`)
    return found
  }
  const [best] = grants
    .filter((grant) => runsAt(grant, now))
    .sort((a, b) => plan(b.planId).rank - plan(a.planId).rank || lastFirst(a, b))
  const { id, rank, limits } = plan(best?.planId ?? freePlan)
  if (!best) return { id, source: 'default', until: null, limits }
  const upholding = grants.filter((grant) => plan(grant.planId).rank >= rank)
  return { id, source: best.source, until: coveredUntil(upholding, now), limits }
}

function runsAt({ startsAt, endsAt }: PlanGrant, time: number): boolean {
  return startsAt <= time && (endsAt === null || time < endsAt)
}

/** The one that ends last, then the one that began first, then by id, so that there is always one answer. */
function lastFirst(a: PlanGrant, b: PlanGrant): number {
  const [aEnd, bEnd] = [a.endsAt ?? Number.POSITIVE_INFINITY, b.endsAt ?? Number.POSITIVE_INFINITY]
  if (aEnd !== bEnd) return bEnd > aEnd ? 1 : -1
  return a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1)
}

/** The first end after `now` at which no other grant runs. */
function coveredUntil(grants: readonly PlanGrant[], now: number): number | null {
  const ends = grants.flatMap(({ endsAt }) => (endsAt !== null && endsAt > now ? [endsAt] : []))
  const open = ends.filter((end) => !grants.some((grant) => runsAt(grant, end)))
  return open.length === 0 ? null : Math.min(...open)
}
