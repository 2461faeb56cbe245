import fc from 'fast-check'
import t from 'tap'
import { isWanted, type PastRun, type Run, type Seen, type Situation, type Step } from './plan/situation.js'
import { nextStep } from './plan.js'
import { container, now, past, run, situation } from './testing/situations.js'

const phase = fc.constantFrom<Run['phase']>('pending', 'created', 'starting', 'running', 'stopping', 'killing')
const state = fc.constantFrom<Seen['state']>('created', 'running', 'exited')
const bool = fc.boolean()

const limit = fc.record({
  memoryMiB: fc.constantFrom(128, 256, 512),
  cpu: fc.constantFrom(0.25, 0.5, 1),
})

const anyRun = fc
  .record({
    phase,
    generation: fc.integer({ min: 1, max: 2 }),
    forced: bool,
    silent: bool,
    left: fc.integer({ min: -5_000, max: 60_000 }),
    has: limit,
    raisingTo: fc.option(limit, { nil: undefined }),
  })
  .map(({ phase, generation, forced, silent, left, has, raisingTo }) => {
    const stopping = phase === 'stopping' || phase === 'killing'
    return run(phase, {
      generation,
      forced,
      limits: has,
      raisingTo,
      ...(silent ? { startedAt: now - 100_000, lastHeartbeatAt: now - 90_000 } : {}),
      ...(stopping ? { stopDeadline: now + left } : {}),
    })
  })
const anyContainers = fc.array(
  fc.record({ own: bool, state, known: bool, named: bool, epoch: fc.integer({ min: 1, max: 3 }) }),
  { maxLength: 3 },
)
const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    desired: fc.constantFrom('running' as const, 'stopped' as const),
    hold: fc.constantFrom(undefined, 'admin' as const, 'crash-loop' as const),
    generation: fc.integer({ min: 1, max: 2 }),
    epoch: fc.integer({ min: 1, max: 2 }),
    deleting: fc.constantFrom(false, false, false, true),
    run: fc.option(anyRun, { nil: undefined }),
    crashes: fc.array(fc.integer({ min: 0, max: 2_000_000 }), { maxLength: 6 }),
    containers: fc.option(anyContainers, { nil: undefined, freq: 8 }),
    gatewaySince: fc.constantFrom(undefined, now - 1_000, now - 60_000),
    imageReady: bool,
    term: bool,
    planLimits: limit,
  })
  .map(({ run, crashes, containers, term, ...rest }) =>
    situation({
      ...rest,
      run,
      past: crashes.sort((a, b) => a - b).map((ago) => past(ago, { epoch: 0 })),
      containers: containers && unique(containers, run !== undefined),
      sent: { term, killAt: undefined },
    }),
  )

/** One container of the run at most, and one that has the constant name: the engine allows no more. */
function unique(
  drawn: readonly { own: boolean; state: Seen['state']; known: boolean; named: boolean; epoch: number }[],
  hasRun: boolean,
): Seen[] {
  const own = hasRun && drawn.some((one) => one.own)
  return drawn.map((one, n) => {
    const first = drawn.findIndex((other) => other.own) === n
    if (own && first) return container(one.state, { id: `c${n}` })
    const named = !own && one.named && drawn.findIndex((other) => other.named) === n
    return container(one.state, { id: `c${n}`, runId: `x${n}`, epoch: one.epoch, known: one.known, named })
  })
}

/** Acts a step out on the situation, as the engine and the rows would. */
function act(s: Situation, step: Step): Situation {
  const without = (id: string) => s.containers?.filter((one) => one.id !== id)
  const alter = (id: string, to: Seen['state']) =>
    s.containers?.map((one) => (one.id === id ? { ...one, state: to } : one))
  const finish = (cause: PastRun['cause']): Situation => ({
    ...s,
    run: undefined,
    past: [
      {
        ...past(0),
        epoch: s.run?.epoch ?? 0,
        exitedAt: s.now,
        cause,
        stopRequested: s.run?.stopDeadline !== undefined,
      },
      ...s.past,
    ],
    sent: { term: false, killAt: undefined },
  })
  switch (step.kind) {
    case 'begin-run':
      return {
        ...s,
        epoch: s.epoch + 1,
        run: run('pending', { id: `r${s.epoch + 1}`, epoch: s.epoch + 1, generation: s.generation }),
      }
    case 'prepare-image':
      return { ...s, imageReady: true }
    case 'create': {
      if (s.containers?.some((one) => one.named)) return s
      const made = container('created', { id: `c-${step.run.id}`, runId: step.run.id, epoch: step.run.epoch })
      return { ...s, containers: [...(s.containers ?? []), made], run: { ...step.run, phase: 'created' } }
    }
    case 'verify':
      return { ...s, run: { ...step.run, phase: 'created' } }
    case 'start':
      return {
        ...s,
        containers: alter(step.container.id, 'running'),
        run: { ...step.run, phase: 'starting', startedAt: s.now },
      }
    case 'adopt':
      return { ...s, run: { ...step.run, phase: 'starting', startedAt: s.now } }
    case 'ask-stop':
      return {
        ...s,
        run: { ...step.run, phase: 'stopping', stopDeadline: step.run.stopDeadline ?? s.now + s.limits.stopGrace },
      }
    case 'terminate':
      return { ...s, sent: { ...s.sent, term: true } }
    case 'kill':
      return { ...s, run: { ...step.run, phase: 'killing' }, containers: alter(step.container.id, 'exited') }
    case 'raise-limits':
      // An engine that gives up to 256 MiB to what runs.
      return step.to.memoryMiB <= 256
        ? { ...s, run: { ...step.run, limits: step.to, raisingTo: undefined } }
        : { ...s, run: { ...step.run, raisingTo: step.to }, sent: { ...s.sent, refused: step.to } }
    case 'record-exit':
      return finish('crash')
    case 'record-missing':
      return finish('removed')
    case 'abort':
      return {
        ...finish(step.failed ? 'crash' : undefined),
        ...(step.container ? { containers: without(step.container.id) } : {}),
      }
    case 'remove':
      return { ...s, containers: without(step.container.id) }
    case 'kill-stray':
      return { ...s, containers: alter(step.container.id, 'exited') }
    case 'raise-epoch':
      return { ...s, epoch: step.container.epoch }
    case 'adopt-unknown':
      return {
        ...s,
        run: run('starting', {
          id: step.container.runId,
          epoch: step.container.epoch,
          generation: s.generation,
          startedAt: s.now,
        }),
        containers: s.containers?.map((one) => (one.id === step.container.id ? { ...one, known: true } : one)),
      }
    case 'hold':
      return { ...s, hold: 'crash-loop' }
    case 'erase':
      return { ...s, deleting: false, desired: 'stopped' }
    case 'wait':
      if (s.run?.phase === 'starting')
        return {
          ...s,
          run: { ...s.run, phase: 'running', runningAt: s.now, lastHeartbeatAt: s.now, progressAt: s.now },
        }
      return { ...s, now: s.now + Math.max(step.ms, 1), past: s.past.map((one) => ({ ...one, settled: true })) }
    case 'settled':
      return s
  }
}

const creating: readonly Step['kind'][] = ['begin-run', 'create', 'start', 'verify']
const acting: readonly Step['kind'][] = [
  ...creating,
  'kill',
  'kill-stray',
  'remove',
  'abort',
  'terminate',
  'record-missing',
  'record-exit',
]
const count = (s: Situation) => s.containers?.filter((one) => one.state === 'running').length ?? 0
const foreign = (s: Situation) => s.containers?.some((one) => one.state === 'running' && !one.known) ?? false

/** Every step from here on, with the situations around it, until it settles or only waits for others. */
function follow(start: Situation): { before: Situation; step: Step; after: Situation }[] {
  const steps = []
  let before = start
  let idle = 0
  while (steps.length < 120 && idle < 6) {
    const step = nextStep(before)
    const after = act(before, step)
    steps.push({ before, step, after })
    if (step.kind === 'settled') break
    idle = step.kind === 'wait' ? idle + 1 : 0
    before = after
  }
  return steps
}

t.test('promises that hold for every situation', async (t) => {
  const check = (name: string, holds: (s: Situation) => boolean) =>
    t.doesNotThrow(() => fc.assert(fc.property(anySituation, holds), { numRuns: 3_000 }), name)
  check('following the steps comes to rest', (s) => {
    const steps = follow(s)
    const last = steps.at(-1)?.step.kind
    return steps.length < 120 && (last === 'settled' || last === 'wait')
  })
  check('at rest, what was wanted is so', (s) => {
    const end = follow(s).at(-1)
    if (end?.step.kind !== 'settled' || foreign(end.after)) return true
    return count(end.after) === (isWanted(end.after) ? 1 : 0)
  })
  check('no step adds a second running container', (s) =>
    follow(s).every(({ before, after }) => count(after) <= Math.max(1, count(before))),
  )
  check('nothing is created or started for a bot that is not wanted', (s) =>
    follow(s).every(({ before, step }) => isWanted(before) || !creating.includes(step.kind)),
  )
  check('a force-stopped run is never started', (s) =>
    follow(s).every(({ before, step }) => !(before.run?.forced && creating.includes(step.kind))),
  )
  check('what cannot be seen is not touched', (s) => !acting.includes(nextStep({ ...s, containers: undefined }).kind))
  check('the deadline of a stop stays what it was', (s) =>
    follow(s).every(
      ({ before, after }) =>
        before.run?.stopDeadline === undefined ||
        after.run?.id !== before.run.id ||
        after.run.stopDeadline === before.run.stopDeadline,
    ),
  )
  check('what a running container has is never taken from it', (s) =>
    follow(s).every(
      ({ step }) =>
        step.kind !== 'raise-limits' ||
        (step.to.memoryMiB >= step.run.limits.memoryMiB && step.to.cpu >= step.run.limits.cpu),
    ),
  )
  check('nobody is killed in the grace of a stop', (s) =>
    follow(s).every(
      ({ before, step }) =>
        step.kind !== 'kill' ||
        before.run?.phase === 'killing' ||
        before.run?.forced ||
        (before.run?.epoch ?? 0) < before.epoch ||
        before.now >= (before.run?.stopDeadline ?? 0),
    ),
  )
})
