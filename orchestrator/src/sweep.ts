import { dueBots, knownRuns, knownTenants, servingGateways, type UnfinishedRun } from '@sath/db'
import { type Container, containerName, EngineError } from './engines/container-engine.js'
import type { Office } from './office.js'
import { isSilent } from './plan/health.js'
import { type Quarantine, quarantine, quarantineRules } from './quarantine.js'
import { alarm, specOf } from './take.js'

/** Running containers whose hardening is read again in one sweep. */
const driftChecks = 20

/**
 * Looks at everybody: one list of the engine, one query for bots that are due, one over unfinished runs. Bots that are stopped
 * are in none of them. Whoever is not as the rows say gets a pass; nothing is done here but to containers of nobody.
 */
export function sweeper(office: Office) {
  let sightings: Quarantine['sightings'] = new Map()
  const checkedAt = new Map<string, number>()

  async function sweep(): Promise<void> {
    const { db, runs, node, gateways } = office
    try {
      const [due, unfinished, serving] = await Promise.all([dueBots(db), runs.unfinished(node), servingGateways(db)])
      gateways.seen(serving)
      await office.logs.probe()
      for (const tenantId of due) office.look(tenantId)
      for (const run of unfinished) if (isLate(office, run)) office.look(run.tenantId)
      const containers = await list()
      if (containers) await compare(unfinished, containers)
    } catch (error) {
      gateways.forget()
      throw error
    }
  }

  /** Undefined: the engine does not answer; nothing follows from that. */
  async function list(): Promise<readonly Container[] | undefined> {
    try {
      return await office.engine.list()
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      office.log.warn({ err: error }, 'engine not reached')
      return undefined
    }
  }

  async function compare(unfinished: readonly UnfinishedRun[], containers: readonly Container[]): Promise<void> {
    const byRun = new Map(containers.map((one) => [one.runId, one]))
    for (const run of unfinished) {
      const own = byRun.get(run.id)
      if (own?.state !== 'running' || own.epoch !== run.epoch || run.phase === 'pending' || run.phase === 'created')
        office.look(run.tenantId)
      else office.logs.follow(own)
    }
    const expected = new Set(unfinished.map((run) => run.id))
    office.wounds.keep(expected)
    await lookAtStrays(containers.filter((one) => !expected.has(one.runId)))
    await checkDrift(unfinished, byRun)
  }

  /** Containers without an unfinished run: leftovers get a pass of their bot; what no row knows is quarantined. */
  async function lookAtStrays(strays: readonly Container[]): Promise<void> {
    const rows = new Map(
      (
        await knownRuns(
          office.db,
          strays.map((one) => one.runId),
        )
      ).map((run) => [run.id, run]),
    )
    const isKnown = (one: Container) =>
      rows.get(one.runId)?.tenantId === one.tenantId && rows.get(one.runId)?.epoch === one.epoch
    const epochs = await knownTenants(office.db, [...new Set(strays.map((one) => one.tenantId))])
    const unknown: Container[] = []
    for (const one of strays) {
      const epoch = epochs.get(one.tenantId)
      const named = one.name === containerName(office.installationId, one.tenantId)
      if (epoch !== undefined) office.look(one.tenantId)
      // The pass of its bot takes over one that is newer than the rows.
      const adoptable = named && epoch !== undefined && one.epoch >= epoch
      if (one.state === 'running' && !isKnown(one) && !adoptable) unknown.push(one)
    }
    const verdict = quarantine(sightings, unknown, quarantineRules)
    sightings = verdict.sightings
    if (verdict.alarm) office.log.error({ unknown: unknown.length }, 'many unknown containers: none is touched')
    for (const { container, signal } of verdict.end) {
      await alarm(
        office,
        container,
        'quarantined',
        `A container that no row knows carries our label; it was sent ${signal}`,
      )
      await office.engine.signal(container.id, signal)
    }
  }

  /** Reads the hardening of the containers that were not read for longest. */
  async function checkDrift(
    unfinished: readonly UnfinishedRun[],
    byRun: ReadonlyMap<string, Container>,
  ): Promise<void> {
    const candidates = unfinished
      .filter((run) => byRun.get(run.id)?.state === 'running' && run.imageId !== null)
      .sort((a, b) => (checkedAt.get(a.id) ?? 0) - (checkedAt.get(b.id) ?? 0))
      .slice(0, driftChecks)
    for (const run of candidates) {
      const container = byRun.get(run.id)
      if (!container) continue
      checkedAt.set(run.id, office.now())
      const spec = specOf(office, run, run.imageId ?? '')
      const faults = await office.engine.faults(container.id, spec).catch(() => undefined)
      if (faults) await noteDrift(container, faults)
    }
    for (const id of checkedAt.keys()) if (!byRun.has(id)) checkedAt.delete(id)
  }

  async function noteDrift(container: Container, faults: readonly string[]): Promise<void> {
    const { tenantId } = container
    const before = office.findings.get(tenantId)?.message
    if (faults.length === 0) {
      if (office.findings.delete(tenantId)) office.look(tenantId)
      return
    }
    const message = `The container is not hardened as it must be: ${faults.join('; ')}`
    if (message === before) return
    office.findings.set(tenantId, { type: 'drift', reason: 'hardening', message })
    await alarm(office, container, 'drift', message)
    office.look(tenantId)
  }

  return sweep
}

function isLate(office: Office, run: UnfinishedRun): boolean {
  const ms = (at: Date | null) => at?.getTime()
  if (run.stopDeadline !== null && run.now >= run.stopDeadline.getTime()) return true
  const { phase } = run
  const pulse = {
    phase,
    startedAt: ms(run.startedAt),
    runningAt: ms(run.runningAt),
    lastHeartbeatAt: ms(run.lastHeartbeatAt),
    progressAt: ms(run.progressAt),
  }
  return isSilent(pulse, office.gateways.since(office.node), run.now, office.limits)
}
