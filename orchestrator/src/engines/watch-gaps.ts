import type { Clock } from '@sath/core'

/** An engine that is shut down ends its containers first: their ends lie up to so much before we notice that it is gone. */
export const awaySlackMs = 2_000
const keptGaps = 20
const monotonicClock: Clock = () => performance.now()

/**
 * Remembers when nobody was watching an engine; before the first `watching` nobody was. Kept on a clock that never jumps:
 * the engine's own times are set against the wall clock of the moment at which they are asked about.
 */
export function watchGaps(now: Clock, monotonic: Clock = monotonicClock) {
  const gaps: { from: number; to: number }[] = [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }]
  return {
    watching(): void {
      const last = gaps.at(-1)
      if (last?.to === Number.POSITIVE_INFINITY) last.to = monotonic()
    },
    lost(): void {
      if (gaps.at(-1)?.to === Number.POSITIVE_INFINITY) return
      gaps.push({ from: monotonic() - awaySlackMs, to: Number.POSITIVE_INFINITY })
      // The first one, before our own start, is never forgotten.
      if (gaps.length > keptGaps) gaps.splice(1, 1)
    },
    /** `at`: wall time, epoch ms. */
    wasAway(at: number): boolean {
      const then = monotonic() - (now() - at)
      return gaps.some((gap) => then >= gap.from && then <= gap.to)
    },
  }
}
