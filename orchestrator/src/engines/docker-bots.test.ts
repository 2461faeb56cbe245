import { randomUUID } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { botRuns, grantPlan } from '@sath/db'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { dockerForTests } from '../testing/docker-for-tests.js'
import { quick } from '../testing/rig.js'
import { soon } from '../testing/soon.js'
import { letGo, testBundle } from '../testing/test-bot.js'
import { dockerEngine } from './docker-engine.js'
import { dockerRig, exited, logLines, says } from './testing/docker-rig.js'

const { host, skip } = await dockerForTests()
const limits = { ...quick, backOffFirst: 60_000 }

t.setTimeout(300_000)

t.test('bots in real containers', { skip }, async (t) => {
  const r = await dockerRig(t, host)
  const { docker } = r
  const stateOf = async (containerId: string) => {
    const { State } = await docker.getContainer(containerId).inspect()
    return { pid: State.Pid, startedAt: State.StartedAt }
  }
  const first = await r.open({ engine: await r.openEngine(), limits })

  await t.test('a container has no power at all', async (t) => {
    const { id, run } = await r.started('proves')
    const { fields } = await says(r, id, 'proof')
    for (const line of [
      /CapEff:\s+0+\n/,
      /CapPrm:\s+0+\n/,
      /CapBnd:\s+0+\n/,
      /NoNewPrivs:\s+1\n/,
      /Seccomp:\s+2\n/,
      /Uid:\s+10001\s/,
    ])
      t.match(fields.status, line)
    t.match(fields, { root: 'EROFS', app: 'EROFS', socketDir: 'EROFS', interfaces: ['lo'], uid: 10001 })
    t.match(fields.shm, /ENOENT|EROFS|EACCES/, 'no shared memory either')
    t.same(
      Object.keys(fields.env as object).filter((name) => !['PATH', 'HOSTNAME', 'HOME'].includes(name)),
      [],
    )
    t.match(await says(r, id, 'as JSON'), { level: 'warn', fields: { answer: 42 }, stream: 'stdout' })
    const inspected = await docker.getContainer(run.containerId).inspect()
    t.match(inspected.HostConfig, { NetworkMode: 'none', ReadonlyRootfs: true, IpcMode: 'none', AutoRemove: false })
    await r.stop(id)
    t.match(await exited(r, id), { exitCode: 0, exitCause: 'clean' })
    await says(r, id, 'bye')
    await soon('its container’s removal', () =>
      docker
        .getContainer(run.containerId)
        .inspect()
        .then(
          () => false,
          () => true,
        ),
    )
  })

  await t.test('an upgrade reaches the running container, a downgrade the next one', async (t) => {
    const { id, run } = await r.started('obeys')
    const has = async (containerId: string) => {
      const { HostConfig, Config, State } = await docker.getContainer(containerId).inspect()
      const { Memory = 0, MemorySwap = 0, NanoCpus = 0 } = HostConfig
      return { memory: Memory >> 20, swap: MemorySwap >> 20, cpu: NanoCpus / 1e9, pid: State.Pid, heap: Config.Cmd[1] }
    }
    const free = await has(run.containerId)
    t.match(free, { memory: 128, swap: 128, cpu: 0.25, heap: '--max-old-space-size=64' })
    const asked = performance.now()
    await grantPlan(r.db, id, { planId: 'pro' })
    await soon('the upgrade', async () => (await has(run.containerId)).memory === 256)
    t.ok(performance.now() - asked < 5_000, 'within 5 seconds')
    t.same(await has(run.containerId), { ...free, memory: 256, swap: 256, cpu: 0.5 }, 'the same process')
    t.match(await r.condition(id, 'limits'), { reason: 'heap', message: /256 MiB.*next restart/ })
    await grantPlan(r.db, id, { planId: 'free' })
    t.match(
      await soon('the word', async () => {
        const condition = await r.condition(id, 'limits')
        return condition.reason === 'next-restart' && condition
      }),
      { message: /128 MiB and 0\.25 CPU apply at the next restart; until then the bot has 256 MiB/ },
    )
    await first.sweep()
    await r.rest(id)
    t.match(await has(run.containerId), { memory: 256, cpu: 0.5, pid: free.pid })
    t.notOk(
      (await r.bot(id)).conditions.some(({ type }) => type === 'drift'),
      'which is no drift',
    )
    await r.restart(id)
    const next = await soon('the next run', async () => {
      const found = await r.lastRun(id)
      return found?.id !== run.id && found?.phase === 'starting' && found.containerId
    })
    t.match(await has(next), { memory: 128, cpu: 0.25, heap: '--max-old-space-size=64' })
    await r.force(id)
    await soon('its end', async () => (await r.runs(id)).every(({ phase }) => phase === 'exited'))
  })

  await t.test('three ends with 137, three causes', async (t) => {
    const [greedy, victim, stubborn] = await Promise.all([
      r.started('eats-memory'),
      r.started('obeys'),
      r.started('ignores-sigterm'),
    ])
    await docker.getContainer(victim.run.containerId).kill({ signal: 'SIGKILL' })
    await says(r, stubborn.id, 'ready')
    await r.stop(stubborn.id)
    t.match(await exited(r, greedy.id), { exitCode: 137, exitCause: 'out-of-memory', oomKilled: true })
    t.match(await exited(r, victim.id), { exitCode: 137, exitCause: 'killed-by-other', oomKilled: false })
    await says(r, stubborn.id, 'no')
    await r.db.update(botRuns).set({ stopDeadline: sql`now()` }).where(eq(botRuns.tenantId, stubborn.id))
    const killed = await exited(r, stubborn.id)
    t.match(killed, { exitCode: 137, exitCause: 'killed-by-us', oomKilled: false, stopMode: 'graceful' })
    t.ok(
      (killed.killedAt?.getTime() ?? 0) >= (killed.stopDeadline?.getTime() ?? Number.POSITIVE_INFINITY),
      'at its deadline',
    )
    for (const { id } of [greedy, victim]) await r.stop(id)
  })

  await t.test(
    'a child is out of memory: the container lives, is unhealthy, and is restarted under control',
    async (t) => {
      const { id, run } = await r.started('child-eats-memory')
      const { fields } = await says(r, id, 'child ended')
      t.match(fields, { signal: 'SIGKILL', init: 'docker-init' }, 'the kernel killed it, and spared init and the bot')
      t.match(await r.condition(id, 'unhealthy'), { reason: 'out-of-memory' })
      t.match(await r.lastRun(id), { id: run.id, phase: 'stopping' }, 'a stop with its grace, not a kill')
      letGo(r.socketRoot, run.id)
      t.match(await exited(r, id), {
        stopMode: 'graceful',
        stoppedBy: 'system',
        stopReason: 'unhealthy',
        exitCode: 0,
        exitCause: 'clean',
        oomKilled: true,
        killedAt: null,
      })
      await says(r, id, 'flat')
      await soon('a crash’s back-off', async () => Number((await r.bot(id)).lookAt) - Date.now() > 30_000)
      await r.stop(id)
      await r.rest(id)
      t.equal((await r.runs(id)).length, 1)
    },
  )

  await t.test('a flood of output: bounded here, told, and no trouble for the neighbour', async (t) => {
    const neighbour = await r.started('obeys')
    const flooding = await r.started('floods')
    const lag = monitorEventLoopDelay({ resolution: 10 })
    lag.enable()
    const before = process.memoryUsage().rss
    await soon('dropped lines to be told', () =>
      logLines(r, flooding.id).some((line) => Number(line.fields.dropped) > 1_000),
    )
    await r.stop(neighbour.id)
    t.match(await exited(r, neighbour.id), { exitCause: 'clean' }, 'the neighbour stops in its time')
    lag.disable()
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024
    t.ok(lag.percentile(99) / 1e6 < 2_000, `loop lag p99 ${Math.round(lag.percentile(99) / 1e6)} ms`)
    t.ok(grown < 200, `${Math.round(grown)} MiB more`)
    t.ok(
      logLines(r, flooding.id).every((line) => line.message.length <= 8192),
      'long lines are cut',
    )
    await r.force(flooding.id)
    t.match(await exited(r, flooding.id), { exitCause: 'killed-by-us', stopMode: 'force' })
  })

  await t.test('our restart: the container goes on, and so does its log', async (t) => {
    const { id, run } = await r.started('exits-0-late')
    await says(r, id, 'ready')
    const { pid, startedAt } = await stateOf(run.containerId)
    await first.close()
    const second = await r.open({ engine: await r.openEngine(), limits })
    await second.sweep()
    await second.idle()
    t.same(await stateOf(run.containerId), { pid, startedAt }, 'the same process')
    t.equal((await r.runs(id)).length, 1)
    await r.stop(id)
    t.match(await exited(r, id), { exitCode: 0, exitCause: 'clean', killedAt: null })
    await says(r, id, 'flat')
    const words = logLines(r, id).map((line) => line.message)
    t.same(words, ['ready', 'as JSON', 'flat'], 'each line once')
    await second.close()
  })

  await t.test('killed between create and its row: the container is taken over', async (t) => {
    const victim = await r.open({ engine: await r.openEngine(), limits })
    const id = await r.tenant()
    victim.dieAt('create', 'after')
    await r.start(id)
    await victim.dead
    await r.expireClaims()
    const heir = await r.open({ engine: await r.openEngine(), limits })
    await says(r, id, 'ready')
    const runs = await r.runs(id)
    t.match(runs, [{ epoch: 1 }])
    t.equal((await docker.listContainers({ all: true, filters: { label: [`sath.tenant=${id}`] } })).length, 1)
    await r.force(id)
    t.match(await exited(r, id), { exitCause: 'killed-by-us' })
    await heir.close()
  })

  await t.test('another installation’s containers are invisible and untouched', async (t) => {
    await r.open({ engine: await r.openEngine(), limits })
    const other = await dockerEngine({ host, installationId: randomUUID(), bundleFile: testBundle(t) })
    t.teardown(() => other.close())
    const { id, run } = await r.started('obeys')
    t.same(await other.list(), [])
    t.same(await other.list(id), [])
    t.equal((await docker.getContainer(run.containerId).inspect()).State.Running, true)
    await r.force(id)
    await exited(r, id)
  })
})
