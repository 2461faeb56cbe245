import { randomUUID } from 'node:crypto'
import type { BotClaim, BotRun, BotView } from '@sath/db'
import { type BotSpec, type Container, containerName, EngineError } from './engines/container-engine.js'
import { eraseBot } from './erase.js'
import { endsLikeItsEngine, exitCause } from './exit-cause.js'
import { isUnfinished } from './observe.js'
import type { Office, Sent } from './office.js'
import type { Note, Situation, Step } from './plan/situation.js'
import { makeSocketDir, removeSocketDir, socketDir } from './socket-dirs.js'

/** `again`: observe and ask for the next step. Otherwise in how many ms to look again, and what people should know. */
export type Taken = 'again' | { readonly lookInMs: number; readonly note?: Note }

type Acting = Exclude<Step, { kind: 'wait' | 'settled' }>

/** Takes one step. Thin: what to do is decided; this does it, and every row it writes is bound to the claim. */
export async function take(office: Office, claim: BotClaim, view: BotView, s: Situation, step: Acting): Promise<Taken> {
  const { engine, runs, log, socketRoot } = office
  const { tenantId } = claim
  log.debug({ tenantId, step: step.kind }, 'step taken')
  switch (step.kind) {
    case 'prepare-image':
      office.image.prepare(tenantId, office.look)
      return { lookInMs: 30_000, note: imageNote(office) }
    case 'begin-run':
      if (!office.starts.take(tenantId)) return waitForSlot
      return beginRun(office, claim, view, s)
    case 'create':
      if (!office.starts.take(tenantId)) return waitForSlot
      return create(office, claim, unfinished(view))
    case 'verify':
      return verify(office, claim, unfinished(view), step.container.id)
    case 'start':
      if (!office.starts.take(tenantId)) return waitForSlot
      if (step.run.phase !== 'starting') await runs.starting(claim, step.run.id, names(step.container), false)
      await engine.start(step.container.id)
      office.logs.follow(step.container)
      // Its first heartbeat rings, and so does its end.
      return { lookInMs: s.limits.startTimeout }
    case 'adopt':
      await runs.starting(claim, step.run.id, names(step.container), true)
      office.logs.follow(step.container)
      return 'again'
    case 'ask-stop':
      await runs.stopping(claim, step.run.id, { by: step.by, reason: step.reason, graceMs: s.limits.stopGrace })
      return 'again'
    case 'terminate':
      await engine.signal(step.container.id, 'SIGTERM')
      sent(office, step.run.id).term = true
      return 'again'
    case 'kill':
      await runs.killing(claim, step.run.id, step)
      await engine.signal(step.container.id, 'SIGKILL')
      sent(office, step.run.id).killAt = s.now
      return 'again'
    case 'raise-limits':
      return raiseLimits(office, claim, step)
    case 'record-exit':
      return recordExit(office, claim, unfinished(view), step.container)
    case 'record-missing':
      return recordMissing(office, claim, unfinished(view))
    case 'abort':
      if (step.container) await engine.remove(step.container.id)
      await runs.aborted(claim, step.run.id, step.reason, step.failed)
      await removeSocketDir(socketRoot, step.run.id)
      return 'again'
    case 'remove':
      await office.logs.finish(step.container)
      await engine.remove(step.container.id)
      await removeSocketDir(socketRoot, step.container.runId)
      office.sent.delete(step.container.runId)
      return 'again'
    case 'kill-stray':
      await alarm(office, step.container, 'stray-killed', 'A container of an ended run was running; it was killed')
      await engine.signal(step.container.id, 'SIGKILL')
      return { lookInMs: 1_000 }
    case 'raise-epoch':
      log.error({ tenantId, epoch: step.container.epoch, known: s.epoch }, 'a container is newer than the rows')
      await runs.raiseEpoch(claim, step.container.epoch)
      return 'again'
    case 'adopt-unknown':
      return adoptUnknown(office, claim, view, step.container)
    case 'hold':
      log.warn({ tenantId, reason: step.reason }, 'bot held')
      await runs.hold(claim, 'crash-loop', step.reason)
      return 'again'
    case 'erase':
      return eraseBot(office, tenantId)
  }
}

const waitForSlot: Taken = {
  lookInMs: 5_000,
  note: { type: 'queued', reason: 'starts', message: 'Other bots are being started; this one is next.' },
}

function imageNote({ image }: Office): Note {
  return image.problem === undefined
    ? { type: 'image', reason: 'building', message: 'The bot image is being built.' }
    : { type: 'image', reason: 'failed', message: image.problem }
}

async function beginRun(office: Office, claim: BotClaim, view: BotView, s: Situation): Promise<Taken> {
  const id = randomUUID()
  // Before the row: the gateway hears of the row at once, and listens in there.
  await makeSocketDir(office.socketRoot, id)
  const run = await office.runs.beginRun(claim, {
    id,
    node: office.node,
    engine: office.engine.kind,
    generation: s.generation,
    memoryMiB: view.memoryMiB,
    cpu: view.cpu,
    restarts: view.runs.filter((one) => one.createdAt.getTime() > (s.crashesForgivenAt ?? 0)).length,
  })
  if (!run) await removeSocketDir(office.socketRoot, id)
  return 'again'
}

async function create(office: Office, claim: BotClaim, run: BotRun): Promise<Taken> {
  await makeSocketDir(office.socketRoot, run.id)
  const created = await office.engine.create(specOf(office, run, office.image.id ?? ''))
  if (created.kind === 'created') return verify(office, claim, run, created.id)
  if (created.kind === 'no-image') {
    office.image.forget()
    return 'again'
  }
  const name = containerName(office.installationId, run.tenantId)
  const holder = (await office.engine.list(run.tenantId)).some((one) => one.name === name)
  if (!holder) throw new EngineError('refused', `The name ${name} is taken by a container without our labels.`)
  return 'again'
}

/** Nothing is started whose hardening is not as it must be. */
async function verify(office: Office, claim: BotClaim, run: BotRun, containerId: string): Promise<Taken> {
  const { engine, runs, installationId, image } = office
  const faults = await engine.faults(containerId, specOf(office, run, image.id ?? ''))
  if (faults.length > 0) {
    office.log.error({ tenantId: run.tenantId, faults }, 'container is not hardened')
    await engine.remove(containerId)
    await runs.aborted(claim, run.id, `hardening: ${faults.join('; ')}`, true)
    return 'again'
  }
  const name = containerName(installationId, run.tenantId)
  await runs.created(claim, run.id, { containerId, containerName: name, imageId: image.id })
  return 'again'
}

/** Written down before and after, so that a container with other limits than its row's is never a surprise. */
async function raiseLimits(
  office: Office,
  claim: BotClaim,
  { run, container, to }: Extract<Step, { kind: 'raise-limits' }>,
): Promise<Taken> {
  await office.runs.raising(claim, run.id, to)
  if (await office.engine.resize(container.id, to)) await office.runs.raised(claim, run.id, to)
  else sent(office, run.id).refused = to
  return 'again'
}

async function recordExit(office: Office, claim: BotClaim, run: BotRun, container: Container): Promise<Taken> {
  office.logs.follow(container)
  const facts = await office.engine.inspect(container.id)
  if (facts?.state !== 'exited') return 'again'
  const { exitCode, oomKilled, finishedAt } = facts
  const asked = run.stopRequestedAt !== null
  const ago = finishedAt === undefined ? Number.POSITIVE_INFINITY : office.now() - finishedAt
  if (!asked && endsLikeItsEngine(facts) && ago >= 0 && ago < office.engine.awayNoticeMs)
    return { lookInMs: office.engine.awayNoticeMs - ago }
  const cause = exitCause({
    exitCode,
    oomKilled,
    killed: run.killedAt !== null,
    asked,
    engineAway: finishedAt !== undefined && office.engine.wasAway(finishedAt),
  })
  office.log.info({ tenantId: run.tenantId, runId: run.id, exitCode, cause }, 'bot has ended')
  await office.runs.exited(claim, run.id, { exitCode, cause, oomKilled })
  return 'again'
}

async function recordMissing(office: Office, claim: BotClaim, run: BotRun): Promise<Taken> {
  const { engine } = office
  // A list can be a moment old; only the engine's own "no such container" is proof.
  if (run.containerId && (await engine.inspect(run.containerId))) return { lookInMs: 1_000 }
  // Child processes end with the orchestrator that had them, and a new one lists none.
  const cause = engine.kind === 'process' ? 'engine-stopped' : 'removed'
  office.log.warn({ tenantId: run.tenantId, runId: run.id, cause }, 'container is gone')
  await office.runs.exited(claim, run.id, { exitCode: undefined, cause, oomKilled: false })
  await removeSocketDir(office.socketRoot, run.id)
  office.sent.delete(run.id)
  return 'again'
}

async function adoptUnknown(office: Office, claim: BotClaim, view: BotView, container: Container): Promise<Taken> {
  const { id: containerId, name, runId, epoch } = container
  const { node, engine } = office
  const { memoryMiB, cpu } = view
  const run = { id: runId, epoch, node, engine: engine.kind, memoryMiB, cpu, restarts: 0 }
  const done = await office.runs.adoptUnknown(claim, { ...run, containerId, containerName: name })
  if (!done) return { lookInMs: 5_000 }
  await alarm(
    office,
    container,
    'adopted',
    'A container that the rows did not know was taken over: was the database restored?',
  )
  office.logs.follow(container)
  return 'again'
}

/** Something that a person should look into: an event of the bot and a line in our own log. */
export async function alarm(office: Office, container: Container, type: string, message: string): Promise<void> {
  const { tenantId, runId, epoch, id } = container
  office.log.error({ tenantId, runId, epoch, containerId: id, type }, message)
  await office.runs.event(tenantId, { type, message, runId, fields: { alarm: true, containerId: id, epoch } })
}

/** What the container of a run must be, from its row. */
export function specOf(office: Office, run: SpecRow, imageId: string): BotSpec {
  const { tenantId, id: runId, epoch, memoryMiB, cpu, startMemoryMiB, raisingTo } = run
  const stopSeconds = Math.ceil(office.limits.stopGrace / 1000)
  return {
    tenantId,
    runId,
    epoch,
    memoryMiB,
    cpu,
    startMemoryMiB: startMemoryMiB ?? undefined,
    raisingTo: raisingTo ?? undefined,
    stopSeconds,
    imageId,
    socketDir: socketDir(office.socketRoot, runId),
  }
}
type SpecRow = Pick<BotRun, 'tenantId' | 'id' | 'epoch' | 'memoryMiB' | 'cpu' | 'startMemoryMiB' | 'raisingTo'>

function unfinished(view: BotView): BotRun {
  const run = view.runs.find(isUnfinished)
  if (!run) throw new Error('the step needs an unfinished run')
  return run
}

function names({ id, name }: Container) {
  return { containerId: id, containerName: name }
}

function sent(office: Office, runId: string): Sent {
  const found = office.sent.get(runId) ?? { term: false, killAt: undefined }
  office.sent.set(runId, found)
  return found
}
