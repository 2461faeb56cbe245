import type { Json } from './client.js'

/** What is wrong with the decisions as a record of M1 candles without gaps: holes, overlaps, wrong counts. Empty when sound. */
export function faultsOf(decisions: readonly Json[]): string[] {
  const faults: string[] = []
  let next: number | undefined
  for (const { from, to, candles } of decisions) {
    const [first, last] = [instant(from), instant(to)]
    if (next !== undefined && first !== next) faults.push(`after ${next - 60_000} comes ${first}`)
    if ((last - first) / 60_000 + 1 !== candles) faults.push(`${first}…${last} says ${candles} candles`)
    next = last + 60_000
  }
  return faults
}

function instant(time: number | string): number {
  return typeof time === 'number' ? time : Date.parse(time)
}
