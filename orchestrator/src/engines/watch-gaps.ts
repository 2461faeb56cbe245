import type { Clock } from '@sath/core'

/** An engine that is shut down ends its containers first: their ends lie up to so much before we notice that it is gone. */
export const awaySlackMs = 2_000
const keptGaps = 20

/** Remembers when nobody was watching an engine; before the first `watching` nobody was. */
export function watchGaps(now: Clock) {
  const gaps: { from: number; to: number }[] = [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }]
  return {
    watching(): void {
      const last = gaps.at(-1)
      if (last?.to === Number.POSITIVE_INFINITY) last.to = now()
    },
    lost(): void {
      if (gaps.at(-1)?.to === Number.POSITIVE_INFINITY) return
      gaps.push({ from: now() - awaySlackMs, to: Number.POSITIVE_INFINITY })
      // The first one, before our own start, is never forgotten.
      if (gaps.length > keptGaps) gaps.splice(1, 1)
    },
    wasAway(at: number): boolean {
      return gaps.some((gap) => at >= gap.from && at <= gap.to)
    },
  }
}
