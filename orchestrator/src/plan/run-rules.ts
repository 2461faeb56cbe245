import { isSilent } from './health.js'
import { isWanted, ownContainer, type Rule, type Run, type Situation, type StopBy } from './situation.js'
import { waitForUnknown } from './stray-rules.js'

/** Why an unfinished run must end, and whose wish that is; undefined: it may go on. */
function reasonToEnd(s: Situation, run: Run): { readonly by: StopBy; readonly reason: string } | undefined {
  if (s.deleting) return { by: 'user', reason: 'account-deleted' }
  if (s.hold !== undefined) return { by: s.hold === 'admin' ? 'admin' : 'system', reason: `held-${s.hold}` }
  if (s.desired === 'stopped') return { by: 'user', reason: 'stop' }
  if (run.generation < s.generation) return { by: 'user', reason: 'restart' }
  if (s.wounded || isSilent(run, s.gatewaySince, s.now, s.limits)) return { by: 'system', reason: 'unhealthy' }
  return undefined
}

/** Only a force stop raises the epoch while a run is unfinished. */
function isForced({ epoch }: Situation, run: Run): boolean {
  return run.forced || run.epoch < epoch
}

/** The container has ended: take its facts. */
export const recordExit: Rule = (s) => {
  const own = ownContainer(s)
  return s.run && own?.state === 'exited' ? { kind: 'record-exit', run: s.run, container: own } : undefined
}

/** A created container is started when it is still wanted, and taken away when it is not: then it never runs. */
export const startCreated: Rule = (s) => {
  const { run } = s
  const own = ownContainer(s)
  if (!run || own?.state !== 'created') return undefined
  if (run.phase === 'stopping' || run.phase === 'killing') return { kind: 'remove', container: own }
  const end = reasonToEnd(s, run)
  if (isForced(s, run) || end)
    return { kind: 'abort', run, container: own, reason: end?.reason ?? 'force', failed: end?.reason === 'unhealthy' }
  if (run.startedAt !== undefined && s.now - run.startedAt > s.limits.startTimeout)
    return { kind: 'abort', run, container: own, reason: 'did-not-start', failed: true }
  // The check compares with the image, so there has to be one.
  if (run.phase === 'pending') return s.imageReady ? { kind: 'verify', run, container: own } : { kind: 'prepare-image' }
  return waitForUnknown(s) ?? { kind: 'start', run, container: own }
}

/** No container: not yet created, or gone. */
export const createMissing: Rule = (s) => {
  const { run } = s
  if (!run || ownContainer(s)) return undefined
  if (run.phase !== 'pending' && run.phase !== 'created') return { kind: 'record-missing', run }
  const end = reasonToEnd(s, run)
  if (isForced(s, run) || end)
    return { kind: 'abort', run, container: undefined, reason: end?.reason ?? 'force', failed: false }
  if (run.phase === 'created')
    return { kind: 'abort', run, container: undefined, reason: 'container-removed', failed: true }
  return waitForUnknown(s) ?? (s.imageReady ? { kind: 'create', run } : { kind: 'prepare-image' })
}

/** A container that runs though the rows do not say so yet: we were cut off in between. */
export const adoptRunning: Rule = (s) => {
  const { run } = s
  const container = ownContainer(s)
  if (!run || !container || (run.phase !== 'pending' && run.phase !== 'created')) return undefined
  return { kind: 'adopt', run, container }
}

/** SIGKILL until the engine proves the end. */
export const killForced: Rule = (s) => {
  const { run } = s
  const container = ownContainer(s)
  if (!run || !container || !(isForced(s, run) || run.phase === 'killing' || isOverdue(s, run))) return undefined
  const next = (s.sent.killAt ?? 0) + s.limits.killAgain
  if (s.sent.killAt === undefined || s.now >= next) {
    const order = isForced(s, run)
      ? ({ by: 'admin', reason: 'force' } as const)
      : ({ by: 'system', reason: 'deadline' } as const)
    return { kind: 'kill', run, container, ...order }
  }
  const stuck = run.killedAt !== undefined && s.now - run.killedAt > 2 * s.limits.killAgain
  const note = { type: 'will-not-die', reason: 'sigkill', message: 'The container does not end though it was killed.' }
  return { kind: 'wait', ms: next - s.now, ...(stuck ? { note } : {}) }
}

function isOverdue({ now }: Situation, run: Run): boolean {
  return run.phase === 'stopping' && run.stopDeadline !== undefined && now >= run.stopDeadline
}

/** The time that is left of the grace goes on whoever restarts; only the signal is sent again by a new orchestrator. */
export const awaitStop: Rule = (s) => {
  const { run } = s
  const container = ownContainer(s)
  if (!run || !container || run.phase !== 'stopping') return undefined
  if (!s.sent.term) return { kind: 'terminate', run, container }
  return { kind: 'wait', ms: Math.max(0, (run.stopDeadline ?? s.now) - s.now) }
}

export const endUnwanted: Rule = (s) => {
  const end = s.run && reasonToEnd(s, s.run)
  return s.run && end ? { kind: 'ask-stop', run: s.run, ...end } : undefined
}

/** Started, not yet heard of; the sweep notices when that takes too long. */
export const awaitFirstHeartbeat: Rule = (s) => {
  if (s.run?.phase !== 'starting') return undefined
  const left = (s.run.startedAt ?? s.now) + s.limits.startTimeout - s.now
  return { kind: 'wait', ms: left > 0 ? left : s.limits.heartbeatLost }
}

export const keepRunning: Rule = (s) => (s.run && isWanted(s) ? { kind: 'settled' } : undefined)
