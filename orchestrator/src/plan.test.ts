import t from 'tap'
import { limits, type Situation, type Step } from './plan/situation.js'
import { nextStep } from './plan.js'
import { container, now, past, run, situation } from './testing/situations.js'

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
    'running, speaks and gets on with nothing',
    situation({ run: run('running', { progressAt: now - 15_001 }), ...running }),
    { kind: 'ask-stop', by: 'system', reason: 'unhealthy' },
  ],
  [
    'running, three heartbeats missed',
    situation({ run: run('running', { lastHeartbeatAt: now - 15_001 }), ...running }),
    { kind: 'ask-stop', by: 'system', reason: 'unhealthy' },
  ],
  [
    'running, a child killed for its memory',
    situation({ run: run('running'), ...running, wounded: true }),
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
