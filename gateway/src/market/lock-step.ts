import type { RunSlot } from '../sessions/run-slots.js'
import type { Wake } from '../wake.js'

/** What a replay waits for before its next minute. */
export interface LockStepDeps {
  readonly slots: () => Iterable<RunSlot>
  /** Tenants with an order at their broker. */
  readonly placing: ReadonlySet<string>
  readonly wake: Wake
  readonly signal: AbortSignal
  /** Longest wait for bots and brokers, ms. */
  readonly boundMs: number
}

/**
 * Waits until every bot that follows the market has decided on what it was given and its orders are answered. A bot or broker
 * that takes longer than the bound loses its place until it has caught up; for the database we wait as long as it takes,
 * because what was answered in time counts.
 */
export function createLockStep({ slots, placing, wake, signal, boundMs }: LockStepDeps) {
  /** Tenants whose broker kept everybody waiting once. */
  const slow = new Set<string>()

  return {
    async acknowledged(): Promise<void> {
      const until = performance.now() + boundMs
      for (const tenantId of slow) if (!placing.has(tenantId)) slow.delete(tenantId)
      while (!signal.aborted) {
        const left = until - performance.now()
        const all = [...slots()]
        const storing = all.some(({ session }) => (session?.storing ?? 0) > 0)
        const waiting = all.filter((slot) => isAwaited(slot))
        const ordering = [...placing].filter((tenantId) => !slow.has(tenantId))
        if (!storing && (left <= 0 || (waiting.length === 0 && ordering.length === 0))) {
          for (const { session } of waiting) if (session && session.awaited.size > 0) session.late = true
          for (const tenantId of ordering) slow.add(tenantId)
          return
        }
        await wake.next(left > 0 ? left : 1_000)
        // A hundred bots that answer together are looked at once.
        await new Promise(setImmediate)
      }
    },
  }
}

/** A bot that owes an answer, is being brought up to date, or is expected back. */
function isAwaited({ session, expectedUntil, lockedUntil }: RunSlot): boolean {
  const now = performance.now()
  if (session?.live) return session.awaited.size > 0 && !session.late
  return now < expectedUntil && now >= lockedUntil
}
