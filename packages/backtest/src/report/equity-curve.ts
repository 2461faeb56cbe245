/** `equity` in units, see `toUnits`. */
export interface EquityPoint {
  readonly time: number
  readonly equity: bigint
}

export interface EquityCurve {
  /** In order of time. */
  add(point: EquityPoint): void
  /** Oldest first, at most `maxPoints`. */
  points(): EquityPoint[]
}

interface Bucket {
  count: number
  lowest: EquityPoint
  highest: EquityPoint
}

/**
 * An equity curve that never has more than `maxPoints` (at least 4), however long the run. It keeps the first and the last
 * point, and of every stretch of the run its highest and its lowest point, so no extreme is lost; stretches are of equal
 * numbers of points, and double when there are too many.
 */
export function createEquityCurve(maxPoints: number): EquityCurve {
  const mostBuckets = Math.floor((maxPoints - 2) / 2)
  let buckets: Bucket[] = []
  let perBucket = 1
  let first: EquityPoint | undefined
  let last: EquityPoint | undefined

  const isFull = (bucket: Bucket | undefined) => bucket?.count === perBucket

  return {
    add(point) {
      first ??= point
      last = point
      if (buckets.length === mostBuckets && isFull(buckets.at(-1))) {
        buckets = inPairs(buckets)
        perBucket *= 2
      }
      const open = buckets.at(-1)
      if (open && !isFull(open)) take(open, { count: 1, lowest: point, highest: point })
      else buckets.push({ count: 1, lowest: point, highest: point })
    },
    points() {
      const extremes = buckets.flatMap(({ lowest, highest }) =>
        lowest.time <= highest.time ? [lowest, highest] : [highest, lowest],
      )
      // A set keeps each point once, at its first place.
      return [...new Set([...(first ? [first] : []), ...extremes, ...(last ? [last] : [])])]
    },
  }
}

function inPairs(buckets: readonly Bucket[]): Bucket[] {
  const pairs: Bucket[] = []
  for (const [index, bucket] of buckets.entries()) {
    const before = pairs.at(-1)
    if (index % 2 === 1 && before) take(before, bucket)
    else pairs.push({ ...bucket })
  }
  return pairs
}

function take(into: Bucket, { count, lowest, highest }: Bucket): void {
  into.count += count
  if (lowest.equity < into.lowest.equity) into.lowest = lowest
  if (highest.equity > into.highest.equity) into.highest = highest
}
