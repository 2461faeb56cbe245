import fc from 'fast-check'
import t from 'tap'
import { isWanted, limits, type PastRun, type Run, type Seen, type Situation, type Step } from './plan/situation.js'
import { nextStep } from './plan.js'

const now = 10_000_000

function situation(over: Partial<Situation> = {}): Situation {
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
    imageReady: true,
    noRoom: undefined,
    limits,
    ...over,
  }
}

function run(phase: Run['phase'], over: Partial<Run> = {}): Run {
  const begun = ['starting', 'running', 'stopping', 'killing'].includes(phase)
  return {
    id: 'r1',
    epoch: 1,
    generation: 1,
    phase,
    startedAt: begun ? now - 20_000 : undefined,
    runningAt: begun && phase !== 'starting' ? now - 19_000 : undefined,
    lastHeartbeatAt: phase === 'running' ? now - 1_000 : undefined,
    forced: false,
    stopDeadline: phase === 'stopping' || phase === 'killing' ? now + 30_000 : undefined,
    killedAt: undefined,
    ...over,
  }
}

function container(state: Seen['state'], over: Partial<Seen> = {}): Seen {
  return { id: 'c1', name: 'n', tenantId: 't', runId: 'r1', epoch: 1, state, known: true, named: true, ...over }
}

function past(ago: number, over: Partial<PastRun> = {}): PastRun {
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

const term = { sent: { term: true, killAt: undefined } }
const running = { containers: [container('running')] }

const table: readonly (readonly [name: string, Situation, Partial<Step> & { kind: Step['kind'] }])[] = [
  ['wanted, nothing there', situation(), { kind: 'begin-run' }],
  ['wanted, no image yet', situation({ imageReady: false }), { kind: 'prepare-image' }],
  ['stop while the image is made', situation({ imageReady: false, desired: 'stopped' }), { kind: 'settled' }],
  ['wanted, disk full', situation({ noRoom: 'full' }), { kind: 'wait', ms: 10_000 }],
  ['not wanted', situation({ desired: 'stopped' }), { kind: 'settled' }],
  ['held by an admin', situation({ hold: 'admin' }), { kind: 'settled' }],
  ['run written, no container', situation({ run: run('pending') }), { kind: 'create' }],
  [
    'run written, stopped before create',
    situation({ run: run('pending'), desired: 'stopped' }),
    { kind: 'abort', failed: false },
  ],
  [
    'created, outcome not stored',
    situation({ run: run('pending'), containers: [container('created')] }),
    { kind: 'verify' },
  ],
  [
    'created, outcome not stored, image not looked for yet',
    situation({ run: run('pending'), containers: [container('created')], imageReady: false }),
    { kind: 'prepare-image' },
  ],
  ['created and checked', situation({ run: run('created'), containers: [container('created')] }), { kind: 'start' }],
  [
    'stop while created',
    situation({ run: run('created'), containers: [container('created')], desired: 'stopped' }),
    { kind: 'abort', failed: false },
  ],
  [
    'start asked, never started',
    situation({ run: run('starting', { startedAt: now - 61_000 }), containers: [container('created')] }),
    { kind: 'abort', failed: true },
  ],
  ['started, outcome not stored', situation({ run: run('created'), ...running }), { kind: 'adopt' }],
  ['started, no heartbeat yet', situation({ run: run('starting'), ...running }), { kind: 'wait', ms: 40_000 }],
  [
    'started, no heartbeat for a minute',
    situation({ run: run('starting', { startedAt: now - 61_000 }), ...running }),
    { kind: 'ask-stop', by: 'system', reason: 'unhealthy' },
  ],
  ['running', situation({ run: run('running'), ...running }), { kind: 'settled' }],
  [
    'running, two heartbeats missed',
    situation({ run: run('running', { lastHeartbeatAt: now - 14_000 }), ...running }),
    { kind: 'settled' },
  ],
  [
    'running, three heartbeats missed',
    situation({ run: run('running', { lastHeartbeatAt: now - 15_001 }), ...running }),
    { kind: 'ask-stop', by: 'system', reason: 'unhealthy' },
  ],
  [
    'silent, but no gateway',
    situation({ run: run('running', { lastHeartbeatAt: now - 90_000 }), ...running, gatewaySince: undefined }),
    { kind: 'settled' },
  ],
  [
    'silent, but the gateway is new',
    situation({ run: run('running', { lastHeartbeatAt: now - 90_000 }), ...running, gatewaySince: now - 29_999 }),
    { kind: 'settled' },
  ],
  [
    'stop',
    situation({ run: run('running'), ...running, desired: 'stopped' }),
    { kind: 'ask-stop', by: 'user', reason: 'stop' },
  ],
  [
    'held for billing',
    situation({ run: run('running'), ...running, hold: 'billing' }),
    { kind: 'ask-stop', by: 'system', reason: 'held-billing' },
  ],
  [
    'restart',
    situation({ run: run('running'), ...running, generation: 2 }),
    { kind: 'ask-stop', by: 'user', reason: 'restart' },
  ],
  [
    'account is leaving',
    situation({ run: run('running'), ...running, deleting: true }),
    { kind: 'ask-stop', by: 'user', reason: 'account-deleted' },
  ],
  [
    'stopping, not signalled by us',
    situation({ run: run('stopping'), ...running, desired: 'stopped' }),
    { kind: 'terminate' },
  ],
  [
    'stopping, in the grace',
    situation({ run: run('stopping'), ...running, ...term, desired: 'stopped' }),
    { kind: 'wait', ms: 30_000 },
  ],
  [
    'stopping, wanted again',
    situation({ run: run('stopping'), ...running, ...term, generation: 2 }),
    { kind: 'wait', ms: 30_000 },
  ],
  [
    'stopping, grace is over',
    situation({ run: run('stopping', { stopDeadline: now }), ...running, ...term, desired: 'stopped' }),
    { kind: 'kill', reason: 'deadline' },
  ],
  [
    'force stop',
    situation({ run: run('running', { forced: true }), ...running, desired: 'stopped', epoch: 2 }),
    { kind: 'kill', by: 'admin', reason: 'force' },
  ],
  [
    'force stop while starting',
    situation({
      run: run('starting', { forced: true }),
      containers: [container('created')],
      desired: 'stopped',
      epoch: 2,
    }),
    { kind: 'abort' },
  ],
  [
    'force stop, wanted again meanwhile',
    situation({ run: run('running'), ...running, epoch: 2, generation: 2 }),
    { kind: 'kill' },
  ],
  [
    'killed a moment ago',
    situation({ run: run('killing'), ...running, sent: { term: true, killAt: now - 1_000 } }),
    { kind: 'wait', ms: 4_000 },
  ],
  [
    'killed long ago',
    situation({ run: run('killing'), ...running, sent: { term: true, killAt: now - 5_000 } }),
    { kind: 'kill' },
  ],
  ['ended', situation({ run: run('running'), containers: [container('exited')] }), { kind: 'record-exit' }],
  ['gone while running', situation({ run: run('running') }), { kind: 'record-missing' }],
  ['ended and written down', situation({ desired: 'stopped', containers: [container('exited')] }), { kind: 'remove' }],
  ['old container started by hand', situation({ desired: 'stopped', ...running }), { kind: 'kill-stray' }],
  [
    'leftover beside a new run',
    situation({ epoch: 2, run: run('pending', { id: 'r2', epoch: 2 }), containers: [container('exited')] }),
    { kind: 'remove' },
  ],
  [
    'unknown container runs',
    situation({ epoch: 2, containers: [container('running', { known: false, named: false })] }),
    {
      kind: 'wait',
      note: {
        type: 'unknown-container',
        reason: 'label',
        message: 'A container that Sath does not know carries the labels of this bot.',
      },
    },
  ],
  [
    'unknown container, stop of ours',
    situation({
      run: run('running'),
      desired: 'stopped',
      containers: [container('running'), container('running', { id: 'c9', runId: 'x', known: false, named: false })],
    }),
    { kind: 'ask-stop' },
  ],
  [
    'live container newer than the rows',
    situation({ containers: [container('running', { epoch: 7, known: false })] }),
    { kind: 'raise-epoch' },
  ],
  [
    'its epoch is the counter’s now',
    situation({ epoch: 7, containers: [container('running', { epoch: 7, known: false })] }),
    { kind: 'adopt-unknown' },
  ],
  [
    'and the restored rows had a run',
    situation({
      epoch: 7,
      run: run('running'),
      containers: [container('running', { id: 'c7', runId: 'r7', epoch: 7, known: false })],
    }),
    { kind: 'record-missing' },
  ],
  [
    'a forged label of an epoch that had its run',
    situation({ past: [past(1e6)], containers: [container('running', { runId: 'x', known: false })] }),
    { kind: 'wait' },
  ],
  [
    'the engine does not answer',
    situation({ run: run('running'), containers: undefined, desired: 'stopped' }),
    { kind: 'wait', ms: 5_000 },
  ],
  ['crashed 400 ms ago', situation({ past: [past(400)] }), { kind: 'wait', ms: 600 }],
  [
    'crashed for the third time 1 s ago',
    situation({ past: [past(1_000), past(4_000), past(9_000)] }),
    { kind: 'wait', ms: 3_000 },
  ],
  [
    'crashed after ten healthy minutes',
    situation({ past: [past(400, { runningAt: now - 600_400 }), past(700_000), past(800_000)] }),
    { kind: 'wait', ms: 600 },
  ],
  [
    'ended by itself with 0',
    situation({ past: [past(400, { cause: 'clean', exitCode: 0 })] }),
    { kind: 'wait', ms: 600 },
  ],
  [
    'ended with its engine',
    situation({ past: [past(400, { cause: 'engine-stopped', exitCode: 143 })] }),
    { kind: 'begin-run' },
  ],
  [
    'stopped by its user, then started',
    situation({ past: [past(400, { cause: 'clean', exitCode: 0, stopRequested: true })] }),
    { kind: 'begin-run' },
  ],
  [
    'five crashes in half an hour',
    situation({ past: [1, 2, 3, 4, 29].map((m) => past(m * 60_000)) }),
    { kind: 'hold' },
  ],
  [
    'the fifth was longer ago',
    situation({ past: [1, 2, 3, 4, 31].map((m) => past(m * 60_000)) }),
    { kind: 'begin-run' },
  ],
  [
    'five restarts for being unhealthy',
    situation({
      past: [1, 2, 3, 4, 5].map((m) =>
        past(m * 60_000, { stopRequested: true, stopReason: 'unhealthy', cause: 'killed-by-us' }),
      ),
    }),
    { kind: 'hold' },
  ],
  [
    'crash loop forgiven by a start',
    situation({ crashesForgivenAt: now - 500, past: [1, 2, 3, 4, 5].map((m) => past(m * 60_000)) }),
    { kind: 'begin-run' },
  ],
  [
    'bad configuration',
    situation({ past: [past(10_000, { cause: 'bad-config', exitCode: 64 })] }),
    { kind: 'hold', reason: 'bad-config: the bot refuses its configuration' },
  ],
  [
    'leaving, last run not settled',
    situation({ deleting: true, past: [past(1_000, { settled: false })] }),
    { kind: 'wait', ms: 1_000 },
  ],
  ['leaving, all settled', situation({ deleting: true, past: [past(1_000)] }), { kind: 'erase' }],
]

t.test('each situation has its step', async (t) => {
  for (const [name, s, step] of table) t.match(nextStep(s), step, name)
})

t.test('the back-off doubles from a second to five minutes', async (t) => {
  const wide = { ...limits, crashBudget: 100, crashWindow: 1e9 }
  const waits = Array.from({ length: 11 }, (_, n) => {
    const step = nextStep(situation({ limits: wide, past: Array.from({ length: n + 1 }, (_, k) => past(k * 1_000)) }))
    return step.kind === 'wait' ? step.ms / 1_000 : step.kind
  })
  t.same(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
})

const phase = fc.constantFrom<Run['phase']>('pending', 'created', 'starting', 'running', 'stopping', 'killing')
const state = fc.constantFrom<Seen['state']>('created', 'running', 'exited')
const bool = fc.boolean()

const anyRun = fc
  .record({
    phase,
    generation: fc.integer({ min: 1, max: 2 }),
    forced: bool,
    silent: bool,
    left: fc.integer({ min: -5_000, max: 60_000 }),
  })
  .map(({ phase, generation, forced, silent, left }) => {
    const stopping = phase === 'stopping' || phase === 'killing'
    return run(phase, {
      generation,
      forced,
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
        return { ...s, run: { ...s.run, phase: 'running', runningAt: s.now, lastHeartbeatAt: s.now } }
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
