import { limits, type PastRun, type Run, type Seen, type Situation } from '../plan/situation.js'

/** Builders of what a plan decides on: a wanted bot, one run, one container of it, a crash. All times around `now`. */
export const now = 10_000_000
export const plan = { memoryMiB: 128, cpu: 0.25 }

export function situation(over: Partial<Situation> = {}): Situation {
  return {
    now,
    desired: 'running',
    hold: undefined,
    generation: 1,
    epoch: 1,
    deleting: false,
    crashesForgivenAt: undefined,
    run: undefined,
    past: [],
    containers: [],
    gatewaySince: now - 60_000,
    sent: { term: false, killAt: undefined },
    wounded: false,
    planLimits: plan,
    imageReady: true,
    noRoom: undefined,
    limits,
    ...over,
  }
}

export function run(phase: Run['phase'], over: Partial<Run> = {}): Run {
  const begun = ['starting', 'running', 'stopping', 'killing'].includes(phase)
  return {
    id: 'r1',
    epoch: 1,
    generation: 1,
    phase,
    startedAt: begun ? now - 20_000 : undefined,
    runningAt: begun && phase !== 'starting' ? now - 19_000 : undefined,
    lastHeartbeatAt: phase === 'running' ? now - 1_000 : undefined,
    progressAt: phase === 'running' ? now - 1_000 : undefined,
    forced: false,
    stopDeadline: phase === 'stopping' || phase === 'killing' ? now + 30_000 : undefined,
    killedAt: undefined,
    limits: plan,
    startMemoryMiB: plan.memoryMiB,
    raisingTo: undefined,
    ...over,
  }
}

export function container(state: Seen['state'], over: Partial<Seen> = {}): Seen {
  return { id: 'c1', name: 'n', tenantId: 't', runId: 'r1', epoch: 1, state, known: true, named: true, ...over }
}

export function past(ago: number, over: Partial<PastRun> = {}): PastRun {
  return {
    epoch: 1,
    exitedAt: now - ago,
    runningAt: now - ago - 1_000,
    cause: 'crash',
    exitCode: 1,
    stopRequested: false,
    stopReason: undefined,
    settled: true,
    ...over,
  }
}
