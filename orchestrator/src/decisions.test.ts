import { randomUUID } from 'node:crypto'
import { fixedClock, until } from '@sath/testkit'
import t from 'tap'
import { conditions } from './conditions.js'
import { ConfigError, loadConfig } from './config.js'
import { librariesOf } from './engines/bot-image.js'
import { epochSeconds } from './engines/docker-engine.js'
import { readLabels } from './engines/labels.js'
import { installCommand } from './engines/pick-engine.js'
import { watchGaps } from './engines/watch-gaps.js'
import { type Ending, exitCause } from './exit-cause.js'
import { gatewayWatch } from './gateway-watch.js'
import { quarantine, quarantineRules } from './quarantine.js'
import { slots } from './slots.js'
import { workQueue } from './work-queue.js'

t.test('the cause of an end', async (t) => {
  const ending = (over: Partial<Ending>): Ending => ({
    exitCode: 0,
    oomKilled: false,
    killed: false,
    asked: false,
    engineAway: false,
    ...over,
  })
  const table: readonly (readonly [string, Partial<Ending>, string])[] = [
    ['by itself', {}, 'clean'],
    ['after our SIGTERM', { asked: true }, 'clean'],
    ['137 after our SIGKILL', { exitCode: 137, killed: true, asked: true }, 'killed-by-us'],
    ['137 by the kernel', { exitCode: 137, oomKilled: true }, 'out-of-memory'],
    ['137 by the kernel after our SIGTERM', { exitCode: 137, oomKilled: true, asked: true }, 'out-of-memory'],
    ['crashed long after the kernel killed a child of it', { exitCode: 1, oomKilled: true }, 'crash'],
    ['137 by a person', { exitCode: 137 }, 'killed-by-other'],
    ['143 by a person', { exitCode: 143 }, 'killed-by-other'],
    ['143 by our SIGTERM', { exitCode: 143, asked: true }, 'killed-by-us'],
    ['with its engine, obeying', { engineAway: true }, 'engine-stopped'],
    ['with its engine, killed', { exitCode: 137, engineAway: true }, 'engine-stopped'],
    ['with its host', { exitCode: 255, engineAway: true }, 'engine-stopped'],
    ['crashed while the engine was away', { exitCode: 1, engineAway: true }, 'crash'],
    ['255 by itself', { exitCode: 255 }, 'crash'],
    ['bad configuration', { exitCode: 64 }, 'bad-config'],
    ['heap', { exitCode: 134 }, 'heap-exhausted'],
    ['a throw', { exitCode: 1 }, 'crash'],
    ['who knows', { exitCode: undefined }, 'crash'],
  ]
  for (const [name, over, cause] of table) t.equal(exitCause(ending(over)), cause, name)
})

t.test('a container that ended while nobody watched ended with the engine', async (t) => {
  const clock = fixedClock(1_000_000)
  const gaps = watchGaps(clock.now, clock.now)
  t.ok(gaps.wasAway(1), 'before we watched')
  gaps.watching()
  const seen = clock.advance(10_000)
  t.notOk(gaps.wasAway(seen))
  gaps.lost()
  gaps.lost()
  t.ok(gaps.wasAway(seen), 'a moment before we noticed')
  clock.advance(60_000)
  gaps.watching()
  t.notOk(gaps.wasAway(clock.advance(5_000)))
  t.ok(gaps.wasAway(seen + 30_000), 'remembered')
})

t.test('a wall clock that jumps makes nobody look away', async (t) => {
  const [wall, monotonic] = [fixedClock(10 * 3_600_000), fixedClock(500_000)]
  const gaps = watchGaps(wall.now, monotonic.now)
  gaps.watching()
  for (const jumpMs of [-3_600_000, 7_200_000]) {
    wall.advance(jumpMs)
    for (const clock of [wall, monotonic]) clock.advance(60_000)
    t.notOk(gaps.wasAway(wall.now() - 100), `a container that has just ended, after a jump of ${jumpMs} ms`)
  }
})

t.test('unknown containers: two checks, few at once, none when there are many', async (t) => {
  const unknown = (n: number) =>
    Array.from({ length: n }, (_, i) => ({
      id: `${i}`,
      name: 'x',
      tenantId: randomUUID(),
      runId: randomUUID(),
      epoch: 1,
      state: 'running' as const,
    }))
  const four = unknown(4)
  let verdict = quarantine(new Map(), four, quarantineRules)
  t.same(verdict.end, [], 'seen once')
  verdict = quarantine(verdict.sightings, four, quarantineRules)
  t.same(
    verdict.end.map(({ container, signal }) => [container.id, signal]),
    [
      ['0', 'SIGTERM'],
      ['1', 'SIGTERM'],
      ['2', 'SIGTERM'],
    ],
  )
  verdict = quarantine(verdict.sightings, four, quarantineRules)
  t.same(
    verdict.end.map(({ container }) => container.id),
    ['3'],
    'the fourth in the next sweep',
  )
  t.same(quarantine(verdict.sightings, [], quarantineRules).sightings.size, 0, 'who is gone begins anew')
  for (let n = 0; n < 11; n++) verdict = quarantine(verdict.sightings, four, quarantineRules)
  t.equal(quarantine(verdict.sightings, four, quarantineRules).end[0]?.signal, 'SIGKILL', 'after the patience')
  const many = unknown(11)
  verdict = quarantine(quarantine(new Map(), many, quarantineRules).sightings, many, quarantineRules)
  t.match(verdict, { end: [], alarm: true })
})

t.test('a gateway counts from when it was seen without a break', async (t) => {
  const watch = gatewayWatch()
  const seen = (instanceId: string, now: number) => watch.seen([{ instanceId, node: 'n', now }])
  t.equal(watch.since('n'), undefined)
  seen('a', 1_000)
  seen('a', 6_000)
  t.equal(watch.since('n'), 1_000)
  seen('b', 11_000)
  t.equal(watch.since('n'), 11_000, 'another instance')
  watch.forget()
  seen('b', 16_000)
  t.equal(watch.since('n'), 16_000, 'after an outage of the database')
  watch.seen([])
  t.equal(watch.since('n'), undefined)
})

t.test('the queue is serial for a key, folds requests and tries again', async (t) => {
  let atOnce = 0
  let most = 0
  const worked: string[] = []
  let fail = true
  const gate = { open: () => {} }
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve
  })
  const queue = workQueue({
    concurrency: 2,
    retryMs: 1,
    onError: () => {},
    async work(key) {
      atOnce++
      most = Math.max(most, atOnce)
      worked.push(key)
      await opened
      atOnce--
      if (key === 'bad' && fail) throw new Error('no')
    },
  })
  for (const key of ['a', 'a', 'b', 'a', 'b', 'c']) queue.add(key)
  gate.open()
  await queue.idle()
  t.equal(most, 2)
  t.same(worked.sort(), ['a', 'a', 'b', 'b', 'c'], 'one more round for who was asked for meanwhile')
  queue.add('bad')
  await until('two tries', () => worked.filter((key) => key === 'bad').length >= 2)
  fail = false
  await queue.close()
  queue.add('late')
  t.notOk(worked.includes('late'))
})

t.test('starts are bounded, and who waits is called', async (t) => {
  const called: string[] = []
  const starts = slots(1, (key) => called.push(key))
  t.ok(starts.take('a'))
  t.ok(starts.take('a'), 'the same one again')
  t.notOk(starts.take('b'))
  starts.free('b')
  starts.free('a')
  t.same(called, ['b'])
  t.ok(starts.take('b'))
})

t.test('a condition keeps the time at which it began', async (t) => {
  const note = { type: 'drift', reason: 'r', message: 'm' }
  const first = conditions([], [note], 1_000)
  t.same(conditions(first, [{ ...note, message: 'other' }], 9_000), [
    { ...note, message: 'other', since: first[0]?.since },
  ])
  t.same(conditions(first, [], 9_000), [])
})

t.test('what other programs say is read with care', async (t) => {
  const ldd = [
    '\tlinux-vdso.so.1 (0x1)',
    '\tlibdl.so.2 => /lib/x/libdl.so.2 (0x2)',
    '\t/lib64/ld.so.2 (0x3)',
    '\tgone => not found',
  ].join('\n')
  t.same(librariesOf(ldd), ['/lib/x/libdl.so.2', '/lib64/ld.so.2'])
  t.equal(epochSeconds('2024-01-01T00:00:00.123456789Z'), '1704067200.123456789')
  const [tenant, run] = [randomUUID(), randomUUID()]
  t.match(readLabels({ 'sath.tenant': tenant, 'sath.run': run, 'sath.epoch': '2' }), { tenantId: tenant, epoch: 2 })
  t.equal(readLabels({ 'sath.tenant': '../x', 'sath.run': run, 'sath.epoch': '2' }), undefined)
  t.equal(readLabels(null), undefined)
  t.equal(installCommand('linux', 'ID=debian'), 'sudo apt-get install docker.io')
  t.match(installCommand('linux', 'ID=rocky\nID_LIKE="rhel centos fedora"'), /^sudo dnf/)
})

t.test('the configuration names everything that is wrong with it', async (t) => {
  const good = {
    DATABASE_URL: 'postgres://x',
    SATH_SOCKET_ROOT: '/run/s',
    SATH_TENANTS_DIR: 't',
    BOT_BUNDLE: '/dev/null',
  }
  t.match(loadConfig(good), { SATH_ENGINE: 'auto', LOG_LEVEL: 'info', SATH_TENANTS_DIR: /^\/.*\/t$/ })
  const read = () =>
    loadConfig({ SATH_SOCKET_ROOT: 'x', SATH_ENGINE: 'swarm', SATH_TENANTS_DIR: 't', BOT_BUNDLE: '/nowhere' })
  t.throws(read, ConfigError)
  for (const name of ['DATABASE_URL', 'SATH_SOCKET_ROOT', 'SATH_ENGINE', 'BOT_BUNDLE']) t.throws(read, new RegExp(name))
  t.throws(() => loadConfig({ ...good, SATH_SOCKET_ROOT: `/${'x'.repeat(80)}` }), /at most 60 bytes/)
})
