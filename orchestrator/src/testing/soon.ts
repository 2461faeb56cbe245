import { until } from '@sath/testkit'

/** As `until`, with the patience that a machine needs which is busy with other tests. */
export function soon<T>(what: string, condition: () => T | Promise<T>): Promise<Exclude<T, false | undefined | null>> {
  return until(what, condition, { timeoutMs: 60_000 })
}
