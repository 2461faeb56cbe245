export type Interval = 'day' | 'week' | 'month' | 'year'

/** Epoch seconds; the end is the start of the next period. */
export interface Period {
  readonly start: number
  readonly end: number
}

/** One invoice a day, a week, a month or a year; months and years keep the anchor's day, or take the last of a shorter month. */
export function addIntervals(anchor: number, interval: Interval, count: number): number {
  if (interval === 'day') return anchor + count * 86_400
  if (interval === 'week') return anchor + count * 7 * 86_400
  const from = new Date(anchor * 1_000)
  const months = from.getUTCMonth() + count * (interval === 'year' ? 12 : 1)
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const day = Math.min(from.getUTCDate(), lastDay)
  const seconds = anchor % 86_400
  return Date.UTC(from.getUTCFullYear(), months, day) / 1_000 + seconds
}

/** The period that begins at `start`, on the grid of the anchor. `start` is on or after the anchor. */
export function periodFrom(anchor: number, start: number, interval: Interval, count: number): Period {
  let steps = 1
  while (addIntervals(anchor, interval, steps * count) <= start) steps++
  return { start, end: addIntervals(anchor, interval, steps * count) }
}
