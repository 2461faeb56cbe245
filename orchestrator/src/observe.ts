import { type BotRun, type BotView, knownRuns } from '@sath/db'
import { type Container, containerName, EngineError } from './engines/container-engine.js'
import type { Office } from './office.js'
import type { PastRun, Run, Seen, Situation } from './plan/situation.js'

const ms = (at: Date | null) => at?.getTime()

/** Puts together what the rows, the engine and our own memory tell of one bot. Rows first, under the claim. */
export async function observe(office: Office, view: BotView): Promise<Situation> {
  const { bot } = view
  const row = view.runs.find(isUnfinished)
  const containers = await seen(office, view)
  return {
    now: view.now,
    desired: bot.desiredState,
    hold: bot.hold ?? undefined,
    generation: bot.generation,
    epoch: bot.epoch,
    deleting: view.deleting,
    crashesForgivenAt: ms(bot.crashesForgivenAt),
    run: row && toRun(row),
    past: view.runs.filter((run) => !isUnfinished(run)).map(toPast),
    containers,
    gatewaySince: office.gateways.since(row?.node ?? office.node),
    sent: (row && office.sent.get(row.id)) ?? { term: false, killAt: undefined },
    wounded: row !== undefined && office.wounds.has(row.id),
    planLimits: { memoryMiB: view.memoryMiB, cpu: view.cpu },
    imageReady: office.image.id !== undefined,
    noRoom: office.logs.diskFull ? 'The disk is full; bots that run go on.' : undefined,
    limits: office.limits,
  }
}

export function isUnfinished(run: BotRun): boolean {
  return run.phase !== 'exited' && run.phase !== 'aborted'
}

/** Undefined: the engine could not be asked. */
async function seen(office: Office, { bot, runs }: BotView): Promise<readonly Seen[] | undefined> {
  const { engine, db, installationId } = office
  const run = runs.find(isUnfinished)
  // Its container is in another engine than the one we have now. Child processes have ended with who had them.
  if (run && run.engine !== engine.kind && run.engine !== 'process') return undefined
  let listed: readonly Container[]
  try {
    listed = await engine.list(bot.tenantId)
  } catch (error) {
    if (error instanceof EngineError) return undefined
    throw error
  }
  const read = new Map(runs.map((run) => [run.id, run.epoch]))
  const older = listed.filter((one) => !read.has(one.runId))
  for (const run of await knownRuns(
    db,
    older.map((one) => one.runId),
  ))
    if (run.tenantId === bot.tenantId) read.set(run.id, run.epoch)
  const name = containerName(installationId, bot.tenantId)
  return listed.map((one) => ({ ...one, known: read.get(one.runId) === one.epoch, named: one.name === name }))
}

function toRun(row: BotRun): Run {
  return {
    id: row.id,
    epoch: row.epoch,
    generation: row.generation,
    phase: row.phase as Run['phase'],
    startedAt: ms(row.startedAt),
    runningAt: ms(row.runningAt),
    lastHeartbeatAt: ms(row.lastHeartbeatAt),
    progressAt: ms(row.progressAt),
    forced: row.stopMode === 'force',
    stopDeadline: ms(row.stopDeadline),
    killedAt: ms(row.killedAt),
    limits: { memoryMiB: row.memoryMiB, cpu: row.cpu },
    startMemoryMiB: row.startMemoryMiB ?? row.memoryMiB,
    raisingTo: row.raisingTo ?? undefined,
  }
}

function toPast(row: BotRun): PastRun {
  return {
    epoch: row.epoch,
    exitedAt: ms(row.exitedAt) ?? 0,
    runningAt: ms(row.runningAt),
    cause: row.exitCause ?? undefined,
    exitCode: row.exitCode ?? undefined,
    stopRequested: row.stopRequestedAt !== null,
    stopReason: row.stopReason ?? undefined,
    settled: row.phase === 'aborted' || row.settledAt !== null,
  }
}
