import type { Clock } from '@sath/core'

/** Docker notes the end of a container a little before or after we notice that Docker is gone. */
const slackMs = 2_000
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
      gaps.push({ from: now() - slackMs, to: Number.POSITIVE_INFINITY })
      // The first one, before our own start, is never forgotten.
      if (gaps.length > keptGaps) gaps.splice(1, 1)
    },
    wasAway(at: number): boolean {
      return gaps.some((gap) => at >= gap.from && at <= gap.to)
    },
  }
}
