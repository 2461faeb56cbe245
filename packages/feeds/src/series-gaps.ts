import type { Candle } from '@sath/core'

/** A hole between two bars that are there; both times are open times of those bars, epoch ms. */
export interface SeriesGap {
  readonly after: number
  readonly before: number
  /** Bars that are not there. */
  readonly missing: number
}

/** What a series of bars is like, counted and not judged: markets close, and venues differ in what they call a bar. */
export interface SeriesFacts {
  readonly bars: number
  /** Open times of the first and the last bar; undefined while there is none. */
  readonly first: number | undefined
  readonly last: number | undefined
  readonly gaps: number
  readonly missingBars: number
  /** The first of the longest ones; undefined without gaps. */
  readonly biggestGap: SeriesGap | undefined
  /** Bars whose four prices are the same. */
  readonly flatBars: number
  readonly zeroVolumeBars: number
}

/** Counts bars of `barMs` each; push them oldest first. */
export function createSeriesCounter(barMs: number): { push(candle: Candle): void; facts(): SeriesFacts } {
  const counts = { bars: 0, gaps: 0, missingBars: 0, flatBars: 0, zeroVolumeBars: 0 }
  let first: number | undefined
  let last: number | undefined
  let biggestGap: SeriesGap | undefined

  return {
    push({ time, open, high, low, close, volume }) {
      if (last !== undefined && time - last > barMs) {
        const gap = { after: last, before: time, missing: Math.round((time - last) / barMs) - 1 }
        counts.gaps++
        counts.missingBars += gap.missing
        if (!biggestGap || gap.missing > biggestGap.missing) biggestGap = gap
      }
      first ??= time
      last = time
      counts.bars++
      if (high === low && open === close) counts.flatBars++
      if (volume === 0) counts.zeroVolumeBars++
    },
    facts: () => ({ ...counts, first, last, biggestGap }),
  }
}
