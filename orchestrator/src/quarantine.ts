import type { Container } from './engines/container-engine.js'

export interface QuarantineRules {
  /** Sweeps in which a container must be unknown before it is asked to end. */
  readonly checks: number
  /** Sweeps after that until it is killed. */
  readonly patience: number
  /** Asked to end in one sweep, at most. */
  readonly atOnce: number
  /** More unknown ones than this are not intruders: our rows are wrong, and nothing is touched. */
  readonly suspicious: number
}

export const quarantineRules: QuarantineRules = { checks: 2, patience: 12, atOnce: 3, suspicious: 10 }

export interface Quarantine {
  /** How often each container was unknown in a row, by its id. */
  readonly sightings: ReadonlyMap<string, number>
  readonly end: readonly { readonly container: Container; readonly signal: 'SIGTERM' | 'SIGKILL' }[]
  /** Too many to believe in. */
  readonly alarm: boolean
}

/** What to do about running containers that carry our label though no row tells of them. Kept, when ended, for people to see. */
export function quarantine(
  before: ReadonlyMap<string, number>,
  unknown: readonly Container[],
  rules: QuarantineRules,
): Quarantine {
  const sightings = new Map(unknown.map((one) => [one.id, (before.get(one.id) ?? 0) + 1]))
  if (unknown.length > rules.suspicious) return { sightings, end: [], alarm: true }
  const due = unknown.filter((one) => {
    const seen = sightings.get(one.id) ?? 0
    return seen === rules.checks || seen >= rules.checks + rules.patience
  })
  // Who does not fit in stays one sighting short and is due in the next sweep.
  for (const late of due.slice(rules.atOnce)) sightings.set(late.id, (sightings.get(late.id) ?? 1) - 1)
  const end = due.slice(0, rules.atOnce).map((container) => {
    const killed = (sightings.get(container.id) ?? 0) > rules.checks
    return { container, signal: killed ? ('SIGKILL' as const) : ('SIGTERM' as const) }
  })
  return { sightings, end, alarm: false }
}
