import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { dockerForTests } from '../../orchestrator/build/testing/docker-for-tests.js'
import { cleanup } from './cleanup.js'
import { chosenParts } from './parts.js'
import { table } from './report.js'
import { readSizes } from './sizes.js'

const { skip } = await dockerForTests()
t.setTimeout(240_000)

/** Too small to say anything about speed. */
const tiny = {
  SATH_BENCH_BOTS: '2',
  SATH_BENCH_START_ROUNDS: '1',
  SATH_BENCH_AT_ONCE: '2',
  SATH_BENCH_AT_ONCE_ROUNDS: '1',
  SATH_BENCH_IDLE_SECONDS: '1',
  SATH_BENCH_CANDLES: '2',
  SATH_BENCH_WARM_UP_CANDLES: '1',
  SATH_BENCH_MORE_SUBSCRIBERS: '2',
  SATH_BENCH_CONNECTIONS: '2',
  SATH_BENCH_STATUS_SECONDS: '1',
  SATH_BENCH_STATUS_ROUNDS: '1',
  SATH_BENCH_RUNNING_BOTS: '5',
  SATH_BENCH_STOPPED_BOTS: '5',
  SATH_BENCH_SWEEP_ROUNDS: '1',
}

for (const [part, figures] of [
  ['webhook', 2],
  ['system', 11],
] as const)
  t.test(`the part ${part} measures all that it names`, { skip: part === 'system' && skip }, async (t) => {
    const own = cleanup()
    t.teardown(own.run)
    const directory = mkdtempSync(join(tmpdir(), 'sath-bench-'))
    own.teardown(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
    mkdirSync(join(directory, 'home'))
    const [measure] = chosenParts([part])
    const measured = (await measure?.(own, directory, readSizes(tiny))) ?? []
    t.equal(measured.length, figures)
    for (const { name, ours, bare = 0 } of measured) t.ok(Number.isFinite(ours) && Number.isFinite(bare), name)
    t.equal(table(measured).split('\n').length, figures + 2)
  })
