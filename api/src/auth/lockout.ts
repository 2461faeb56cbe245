import type { Clock } from '@sath/core'

const freeTries = 5
const firstMs = 30_000
const longestMs = 900_000

/** How long an account is locked after so many wrong passwords in a row: the fifth costs 30 s, each further one twice as much, up to 15 min. */
export function lockMs(failures: number): number {
  return failures < freeTries ? 0 : Math.min(firstMs * 2 ** (failures - freeTries), longestMs)
}

/**
 * Counts failures of addresses that have no account, so that they are locked as any other and nobody can tell. Remembers the
 * newest `most` of them.
 */
export function strangers({ now, most = 10_000 }: { readonly now: Clock; readonly most?: number }) {
  const known = new Map<string, { failures: number; lockedUntil: number }>()
  return {
    lockedForMs: (address: string) => Math.max(0, (known.get(address)?.lockedUntil ?? 0) - now()),
    recordFailure(address: string): void {
      const failures = (known.get(address)?.failures ?? 0) + 1
      known.delete(address)
      known.set(address, { failures, lockedUntil: now() + lockMs(failures) })
      for (const oldest of known.keys()) {
        if (known.size <= most) break
        known.delete(oldest)
      }
    },
  }
}
export type Strangers = ReturnType<typeof strangers>
