/**
 * Promo codes and payments give days of a plan, and those days stand in a row: the highest rank first, at the same rank the
 * one that was there first. So nothing is lost when a better plan comes in between; what it interrupts goes on after it.
 */

/** An unfinished grant of the row. Epoch ms UTC, runs until just before `endsAt`. */
export interface StackedGrant {
  readonly id: string
  readonly rank: number
  readonly startsAt: number
  readonly endsAt: number
}

export const dayMs = 86_400_000

interface Rest {
  readonly grant: StackedGrant
  /** Time it will still be the one in force, ms. */
  readonly ms: number
}

/**
 * The row with a new grant in it: it begins after the last of the same or a higher rank, and the lower ones go on after it.
 * Grants that have ended may be among `grants`; they are left out of the answer.
 */
export function scheduleGrant({
  grants,
  added,
  now,
}: {
  readonly grants: readonly StackedGrant[]
  readonly added: { readonly id: string; readonly rank: number; readonly ms: number }
  readonly now: number
}): StackedGrant[] {
  const row = restsOf(grants, now)
  const before = row.filter(({ grant }) => grant.rank >= added.rank)
  const after = row.filter(({ grant }) => grant.rank < added.rank)
  // It has no time yet; a start that is not past is wherever the row puts it.
  const grant = { id: added.id, rank: added.rank, startsAt: Number.POSITIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY }
  return inRow([...before, { grant, ms: added.ms }, ...after], now)
}

export interface Withdrawal {
  /** Time of the grant that was still to come, ms. */
  readonly unusedMs: number
  /** The row without it: what stood behind it moves up. */
  readonly grants: StackedGrant[]
}

/** Takes a grant out of the row. `unusedMs` is 0 when it has ended already. */
export function withdrawGrant({
  grants,
  id,
  now,
}: {
  readonly grants: readonly StackedGrant[]
  readonly id: string
  readonly now: number
}): Withdrawal {
  const row = restsOf(grants, now)
  const unusedMs = row.find(({ grant }) => grant.id === id)?.ms ?? 0
  return {
    unusedMs,
    grants: inRow(
      row.filter(({ grant }) => grant.id !== id),
      now,
    ),
  }
}

/** The row as it stands, with what is left of each. */
function restsOf(grants: readonly StackedGrant[], now: number): Rest[] {
  let free = now
  return grants
    .filter(({ endsAt }) => endsAt > now)
    .sort((a, b) => b.rank - a.rank || a.startsAt - b.startsAt || a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1))
    .map((grant) => {
      const from = Math.max(free, grant.startsAt)
      free = Math.max(free, grant.endsAt)
      return { grant, ms: Math.max(0, grant.endsAt - from) }
    })
    .filter(({ ms }) => ms > 0)
}

/** One after the other from `now` on. What has begun keeps its begin: it is interrupted, not moved. */
function inRow(row: readonly Rest[], now: number): StackedGrant[] {
  let free = now
  return row.map(({ grant, ms }) => {
    const startsAt = grant.startsAt <= now ? grant.startsAt : free
    free += ms
    return { id: grant.id, rank: grant.rank, startsAt, endsAt: free }
  })
}
