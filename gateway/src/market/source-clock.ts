/** The clock of a candle source, counted on between the times that it says. Ours may be wrong by hours. */
export interface SourceClock {
  /** It said its time by itself. The word may have been on its way for long, so it never sets the clock back. */
  heard(time: number): void
  /** It answered a question after so many ms; the clock is set as if all of them had been the answer's way back. */
  answered(time: number, tookMs: number): void
  /** Epoch ms UTC; undefined until the source has said it once. */
  now(): number | undefined
}

/** @param monotonic ms of a clock that never jumps */
export function createSourceClock(monotonic: () => number): SourceClock {
  let aheadMs: number | undefined
  return {
    heard(time) {
      aheadMs = Math.max(time - monotonic(), aheadMs ?? Number.NEGATIVE_INFINITY)
    },
    answered(time, tookMs) {
      aheadMs = time + tookMs - monotonic()
    },
    now: () => (aheadMs === undefined ? undefined : monotonic() + aheadMs),
  }
}
